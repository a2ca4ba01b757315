import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { statsOf } from '#core/stats-of';

/** `fio --output-format=json` (fio 3, json output): of all jobs together, by --group_reporting. */
const Told = z.object({
  jobs: z
    .array(
      z.object({
        error: z.number(),
        read: z.object({
          iops: z.number(),
          bw_bytes: z.number(),
          clat_ns: z.object({ mean: z.number(), percentile: z.record(z.string(), z.number()).optional() }),
        }),
      }),
    )
    .min(1),
});

export interface FioReads {
  readonly reads_per_s: number;
  readonly mib_per_s: number;
  readonly read_mean_ms: number;
  readonly read_p99_ms: number | null;
}

/** The document in what fio printed: what it says of a signal comes before. */
export const fioDocument = (text: string): string => text.slice(Math.max(0, text.indexOf('{')));

/** What fio says of its reads; undefined for no such document. */
export function fioReads(text: string): FioReads | undefined {
  try {
    const [job] = Told.parse(JSON.parse(fioDocument(text))).jobs;
    if (job === undefined) return undefined;
    const { iops, bw_bytes, clat_ns } = job.read;
    const p99 = clat_ns.percentile?.['99.000000'];
    return {
      reads_per_s: iops,
      mib_per_s: bw_bytes / 2 ** 20,
      read_mean_ms: clat_ns.mean / 1e6,
      read_p99_ms: p99 === undefined ? null : p99 / 1e6,
    };
  } catch {
    return undefined;
  }
}

/** Times of the lines of a log of fio (--log_unix_epoch: milliseconds since 1970), ascending: at each it had read since the one before. */
export function logTimesMs(file: string): number[] {
  if (statsOf(file)?.isFile() !== true) return [];
  return readFileSync(file, 'latin1')
    .split('\n')
    .flatMap(line => {
      const [time = '', value = ''] = line.split(',');
      return /^\d+$/.test(time.trim()) && Number(value) > 0 ? [Number(time)] : [];
    })
    .toSorted((a, b) => a - b);
}
