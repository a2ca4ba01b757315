import { realAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import type { Ns, Share } from '#core/units';

/** Arrays of one result are read back within microseconds of one another: intervals far below the mean one are none between steps. */
const SAME_RESULT: Share = 0.05;

/** Usual time between two results of a lane. @param ends of its results, ascending, ns */
export function usualStep(ends: Float64Array): Ns {
  if (ends.length < 2) return Number.NaN;
  const mean = (realAt(ends, ends.length - 1) - realAt(ends, 0)) / (ends.length - 1);
  const intervals = ends.subarray(1).map((t, i) => t - realAt(ends, i));
  return medianOf(intervals.filter(ns => ns >= SAME_RESULT * mean));
}
