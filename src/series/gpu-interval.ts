import type { GpuSampleRow } from '#model/relation';
import { median, steps } from '#stamps/sampling';

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
