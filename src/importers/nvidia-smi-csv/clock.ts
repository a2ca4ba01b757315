import type { Clock, GpuSampleRow } from '#model/relation';
import { median, steps } from '../sampling.ts';

/** The median time between two samples of one GPU in ms; undefined if no GPU has two. Rows must be sorted by time. */
export const intervalOf = (rows: readonly GpuSampleRow[]): number | undefined => {
  const timesOf = new Map<number, number[]>();
  for (const { gpu, t_ms } of rows) {
    const times = timesOf.get(gpu);
    if (times === undefined) timesOf.set(gpu, [t_ms]);
    else times.push(t_ms);
  }
  return median([...timesOf.values()].flatMap(steps));
};

const AT_LEAST_MS = 1;

/** A time without a zone is also no better known than half a sample, since there is nothing to check it by but the samples. */
export const clockOf = (zoned: boolean, intervalMs: number | undefined, resolutionMs: number): Clock =>
  zoned
    ? { kind: 'epoch', uncertainty_ms: resolutionMs }
    : { kind: 'zoneless', uncertainty_ms: Math.max(AT_LEAST_MS, resolutionMs, (intervalMs ?? 0) / 2) };
