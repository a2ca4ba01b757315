import { z } from 'zod';
import { significant } from '#core/math/round';
import type { Ms, Ns } from '#core/units';
import { bucketFigure, momentFigure } from '#input/series/latency-figures';
import type { LatencyFigure } from '#schema/relation';
import { bucketOf } from './bucket.ts';

const Amount = z.number().nonnegative();
const Latency = z.object({
  min: Amount,
  max: Amount,
  mean: Amount,
  stddev: Amount.optional(),
  /** Missing before 3.17. */
  N: z.int().nonnegative().optional(),
  /** Only of the kind of latency that was asked for (clat_percentiles, lat_percentiles). */
  percentile: z.record(z.string(), Amount).optional(),
});
const Direction = z
  .object({ total_ios: z.int().nonnegative(), iops: Amount, runtime: Amount, clat_ns: Latency.optional(), lat_ns: Latency.optional() })
  .refine(
    ({ clat_ns, lat_ns }) => clat_ns !== undefined || lat_ns !== undefined,
    'it has no latency in ns: fio before 3.0 wrote other units',
  );
type Direction = z.infer<typeof Direction>;
const EpochMs = z.int().min(1_000_000_000_000).max(4_000_000_000_000);
const Job = z.object({
  jobname: z.string(),
  error: z.int().default(0),
  /** Since fio 3.37. */
  job_start: EpochMs.optional(),
  read: Direction.optional(),
  write: Direction.optional(),
});
export type Job = z.infer<typeof Job>;
/** Trims are no accesses that an inference server waits for, and are left out. */
export const DIRECTIONS = ['read', 'write'] as const;

export const FioReport = z.object({
  timestamp: z.int().min(1_000_000_000).max(4_000_000_000).optional(),
  timestamp_ms: EpochMs.optional(),
  jobs: z.array(Job).min(1),
});

/** The kind of latency that has percentiles; clat if neither has. */
export const latencyName = ({ clat_ns, lat_ns }: Direction): 'clat' | 'lat' =>
  clat_ns === undefined || (clat_ns.percentile === undefined && lat_ns?.percentile !== undefined) ? 'lat' : 'clat';

const MS = 1e-6;
const toMs = (ns: Ns): Ms => significant(ns * MS, 12);

export const figuresOf = (metric: (typeof DIRECTIONS)[number], part: Direction): LatencyFigure[] => {
  const latency = latencyName(part) === 'lat' ? part.lat_ns : part.clat_ns;
  if (latency === undefined) return [];
  const n = latency.N ?? part.total_ios;
  return [
    momentFigure(metric, 'mean', toMs(latency.mean), n),
    ...(latency.stddev === undefined ? [] : [momentFigure(metric, 'std', toMs(latency.stddev), n)]),
    momentFigure(metric, 'min', toMs(latency.min), n),
    ...Object.entries(latency.percentile ?? {}).flatMap(([name, ns]) => {
      const q = /^\d{1,3}\.\d{1,9}$/.test(name) ? Number(`${name}e-2`) : Number.NaN;
      if (!(q >= 0 && q <= 1)) return [];
      const [lower, upper] = bucketOf(ns);
      return [bucketFigure(metric, q, [toMs(lower), toMs(upper)], n)];
    }),
    momentFigure(metric, 'max', toMs(latency.max), n),
  ];
};
