/** A change of a whole file beside a trace. */
export interface SeriesChange {
  readonly what: string;
  /** The file, and its lines after its head. */
  readonly file: string;
  readonly apply: (lines: readonly string[]) => readonly string[];
}

const FILES = ['requests.jsonl', 'gpu.csv', 'host.csv'] as const;

/** Epoch stamps of any of these files, later by 50 ms. */
const later = (line: string): string =>
  line
    .replaceAll(/\b1[0-9]{18}\b/g, stamp => String(BigInt(stamp) + 50_000_000n))
    .replace(/^(\d{4})\/(\d\d)\/(\d\d) ([\d:.]+)/, (_, y, m, d, time) =>
      new Date(Date.parse(`${y}-${m}-${d}T${time}Z`) + 50).toISOString().replace('T', ' ').replaceAll('-', '/').replace('Z', ''),
    );
/** The number of a GPU in the second column. */
const otherGpu = (line: string): string => line.replace(/^([^,]*, *)([01])(?=,)/, (_, head, gpu) => `${head}${1 - Number(gpu)}`);

export const SERIES_CHANGES: readonly SeriesChange[] = [
  ...FILES.flatMap((file): SeriesChange[] => [
    { file, what: `${file} emptied`, apply: () => [] },
    { file, what: `${file} halved: each second row`, apply: lines => lines.filter((_, i) => i % 2 === 0) },
    { file, what: `${file} halved: the later half`, apply: lines => lines.slice(0, lines.length / 2) },
    { file, what: `${file} duplicated`, apply: lines => [...lines, ...lines] },
    { file, what: `${file} shifted by 50 ms`, apply: lines => lines.map(later) },
  ]),
  { file: 'gpu.csv', what: 'GPUs 0 and 1 of gpu.csv swapped', apply: lines => lines.map(otherGpu) },
];
