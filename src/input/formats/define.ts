import { possible } from '#input/series/possible';
import type { Text } from '#input/text/text';
import type { FactSeries, GpuSeries, HostSeries, MeasurementSeries, RequestSeries, SampleSeries, SummarySeries } from '#schema/relation';

interface SeriesOf {
  readonly requests: RequestSeries;
  readonly gpu: GpuSeries;
  readonly host: HostSeries;
  readonly samples: SampleSeries;
  readonly summary: SummarySeries;
  readonly facts: FactSeries;
  readonly measurements: MeasurementSeries;
}
type SeriesKind = keyof SeriesOf;

/** A foreign file format: how to know it, and how to read it. Pure: text in, a typed series out. */
export interface Importer<K extends SeriesKind = SeriesKind> {
  /** Same as the folder's name; stored in `Series.format`. */
  readonly id: string;
  readonly kind: K;
  readonly title: string;
  /** Usual file name endings with the dot, to tell a reader; never used to recognise a file. */
  readonly extensions?: readonly string[];
  /** Headings of its table, to say which format a table is nearest to that none recognises. */
  readonly columns?: readonly string[];
  /** Names in its JSON documents, to say which format a document is nearest to that none recognises. */
  readonly keys?: readonly string[];
  /** Breaks a tie when two importers know the same head: the higher wins. 0 if absent. */
  readonly specificity?: number;
  /** Whether the first characters of a file are this format's. Looks at content only, and never throws. */
  sniff(head: string): boolean;
  /**
   * Reads a whole file, piece by piece where it is large. `source` is what messages call it, usually its path.
   * @throws ForensicsError 'unknown-format' or 'bad-record'; the message names source, line and field.
   */
  parse(text: Text, source: string): SeriesOf[K];
}

/** What an importer reads leaves it only if every value of it can be. */
export const defineImporter = <const K extends SeriesKind>(importer: Importer<K>): Importer<K> => ({
  ...importer,
  parse: (text, source) => possible(importer.parse(text, source), source),
});
