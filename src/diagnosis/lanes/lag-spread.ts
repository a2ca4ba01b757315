import { median } from 'd3-array';
import { realAt } from '#core/columns';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';

/** So few moments fall on anything by chance. */
export const FEWEST_MOMENTS = 4;
/** Moments spread evenly over the steps of a lane lie, at the median, a quarter of a step from the usual one. Those tied to its steps lie far closer. */
const CHANCE_SPREAD: Share = 0.25;
const TIED_SPREAD: Share = 0.6;

/**
 * How far moments scatter after the ends of a lane's steps: the median distance of their delays from the usual one, as a share of a step;
 * undefined where too few lie in its time.
 */
export function lagSpread(moments: ArrayLike<Ns>, ends: Float64Array, step: Ns): Share | undefined {
  const seen = new Set<number>();
  const delays = Array.from(moments).flatMap(t => {
    const k = upperBound(ends, t) - 1;
    if (k < 0 || k + 1 >= ends.length) return [];
    seen.add(k);
    return [t - realAt(ends, k)];
  });
  if (delays.length < FEWEST_MOMENTS) return undefined;
  // Moments that lie in few steps are close to one another anyway: a step of their own lane brings but one or a few of them.
  if (seen.size < Math.min(FEWEST_MOMENTS, delays.length)) return Number.POSITIVE_INFINITY;
  const usual = median(delays) ?? 0;
  return (median(delays, d => Math.abs(d - usual)) ?? Number.NaN) / step;
}

/** Whether moments follow a lane's steps, rather than lying anywhere between them. */
export const isTied = (spread: Share | undefined): boolean => (spread ?? Number.NaN) < TIED_SPREAD * CHANCE_SPREAD;
