import type { Ms, Share } from '#core/units';
import { bucketFigure, momentFigure } from '#input/series/latency-figures';
import { badRecord, quote, secondResult } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Line } from '#input/text/lines';
import type { WarningCounter } from '#input/text/warning-counter';
import type { LatencyFigure } from '#schema/relation';

/** The heading of the table, wherever it stands. */
export const HEADING = /^[ \t]*Value[ \t]+Percentile[ \t]+TotalCount[ \t]+1\/\(1-Percentile\)/m;
const TITLE = /^\s*Latency Distribution \(HdrHistogram - (.{1,200})\)\s*$/;
const POINT = /^\s*(\S{1,30})\s+(\S{1,30})\s+(\S{1,30})\s+(\S{1,30})\s*$/;
const FOOT = /^#\[(Mean|Max)\s*=\s*([\d.]{1,30}),\s*(StdDeviation|Total count)\s*=\s*([\d.]{1,30})\]/;

interface Point {
  readonly ms: Ms;
  readonly q: Share;
}

/** One table of percentiles, in the order of the percentiles; never empty. */
export interface Spectrum {
  /** What wrk2 calls it: "Recorded Latency". */
  readonly label: string | null;
  readonly points: Point[];
  count: number | null;
  mean: Ms | null;
  std: Ms | null;
  max: Ms | null;
}

/**
 * The tables of a file; one that has no end (#[Max = …]) is noted in `counter`.
 * @throws ForensicsError 'bad-record' for a row that is no percentile, or percentiles that fall
 */
export const readSpectra = (lines: readonly Line[], source: string, counter: WarningCounter): Spectrum[] => {
  const spectra: Spectrum[] = [];
  let label: string | null = null;
  let open: Spectrum | undefined;
  for (const { number, text } of lines) {
    label = TITLE.exec(text)?.[1] ?? label;
    if (HEADING.test(text)) {
      if (spectra.some(other => other.label === label))
        throw secondResult({ source, line: number }, 'a second table of the same latency begins here');
      open = { label, points: [], count: null, mean: null, std: null, max: null };
      spectra.push(open);
    } else if (text.startsWith('#[')) {
      if (/^#\[(?:Mean|Max)\b/.test(text) && !FOOT.test(text))
        counter.note('the line cannot be read, so its figures are missing', number, quote(text));
      if (open !== undefined && readFoot(text, open)) open = undefined;
    } else if (open !== undefined) {
      open.points.push(readPoint(text, open.points.at(-1), { source, line: number }));
    }
  }
  for (const spectrum of spectra)
    if (spectrum.count === null)
      counter.note('the table of percentiles has no end (#[Max = …]), so it may be cut off', lines.at(-1)?.number ?? 1);
  return spectra.filter(({ points }) => points.length > 0);
};

/** Takes what a line below the table tells; true for the line with the count, which ends what we need. */
const readFoot = (text: string, spectrum: Spectrum): boolean => {
  const [, name, value = '', , other = ''] = FOOT.exec(text) ?? [];
  const [first, second] = [amount(value) ?? null, amount(other) ?? null];
  if (name === 'Mean') [spectrum.mean, spectrum.std] = [first, second];
  if (name === 'Max') [spectrum.max, spectrum.count] = [first, second === null ? null : Math.round(second)];
  return name === 'Max';
};

const readPoint = (text: string, before: Point | undefined, at: { source: string; line: number }): Point => {
  const [, value = '', share = ''] = POINT.exec(text) ?? [];
  const [ms, q] = [amount(value), amount(share)];
  if (ms === undefined || q === undefined || q > 1)
    throw badRecord(
      at,
      `${quote(text)} is not a row of value, percentile and count`,
      'Give the table as it was written, with its last lines (#[…]).',
    );
  if (before !== undefined && (q < before.q || ms < before.ms))
    throw badRecord(at, 'the values or the percentiles fall', 'Two tables were written to one: cut them apart.');
  return { ms, q };
};

const SHARES = [0.5, 0.9, 0.95, 0.99, 0.999];

/** The usual percentiles: exact where the table has them, else between two of its rows. */
export const figuresOf = ({ points, count, mean, std, max }: Spectrum): LatencyFigure[] => {
  // Without a value there is no latency: an empty histogram has zeros throughout.
  if (count === 0) return [];
  return [
    ...(mean === null ? [] : [momentFigure('e2e', 'mean', mean, count)]),
    ...(std === null ? [] : [momentFigure('e2e', 'std', std, count)]),
    ...SHARES.flatMap(q => {
      const next = points.findIndex(point => point.q >= q);
      const above = points[next];
      if (above === undefined) return [];
      const below = above.q === q ? above : (points[next - 1] ?? { ms: 0 });
      return [bucketFigure('e2e', q, [below.ms, above.ms], count)];
    }),
    ...(max === null ? [] : [momentFigure('e2e', 'max', max, count)]),
  ];
};
