import { median, minIndex } from 'd3-array';
import { realAt, valueAt } from '#core/columns';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { usualStep } from '#diagnosis/lanes/step-length';
import type { JudgedRequest } from './requests.ts';
import { stampsOf } from './stamps.ts';

/** What stamps of tokens may show of the lane that made them: so few fall on anything by chance. */
const FEWEST_STAMPS = 4;
/** Stamps spread evenly over the steps of a lane lie, at the median, a quarter of a step from the usual one. Those of its own requests lie far closer. */
const CHANCE_SPREAD: Share = 0.25;
const OWN_SPREAD: Share = 0.6;

/** What the stamps of a request say of the lanes. */
export interface Joined {
  /** Index of the lane that served it, or -1 where its stamps fit none better than chance. */
  readonly lane: number;
  /** Lanes that may have served it: that one, or those in whose time too few of its stamps lie to tell. */
  readonly possible: readonly number[];
}

/**
 * Which of several lanes served each request: a request's tokens arrive at a nearly constant time after the ends of its own lane's steps,
 * and anywhere between those of another.
 * @param stepEnds of each lane, ascending, ns
 */
export function joinLanes(requests: readonly JudgedRequest[], stepEnds: readonly Float64Array[]): readonly Joined[] {
  if (stepEnds.length === 1) return requests.map(() => ({ lane: 0, possible: [0] }));
  const steps = stepEnds.map(usualStep);
  return requests.map(r => {
    const stamps = stampsOf(r);
    const spreads = stepEnds.map((ends, k) => spreadOf(stamps, ends, valueAt(steps, k)));
    const lane = minIndex(spreads, s => s ?? Number.NaN);
    if ((spreads[lane] ?? Number.NaN) < OWN_SPREAD * CHANCE_SPREAD) return { lane, possible: [lane] };
    return { lane: -1, possible: [...spreads.keys()].filter(k => spreads[k] === undefined) };
  });
}

/** How far the stamps scatter after the ends of a lane's steps: the median distance of their delays from the usual one, as a share of a step; undefined where too few lie in its time. */
function spreadOf(stamps: readonly Ns[], ends: Float64Array, step: Ns): Share | undefined {
  const seen = new Set<number>();
  const delays = stamps.flatMap(t => {
    const k = upperBound(ends, t) - 1;
    if (k < 0 || k + 1 >= ends.length) return [];
    seen.add(k);
    return [t - realAt(ends, k)];
  });
  if (delays.length < FEWEST_STAMPS) return undefined;
  // Stamps that lie in few steps are close to one another anyway: a step of their own lane brings but one or a few of them.
  if (seen.size < Math.min(FEWEST_STAMPS, delays.length)) return Number.POSITIVE_INFINITY;
  const usual = median(delays) ?? 0;
  return (median(delays, d => Math.abs(d - usual)) ?? Number.NaN) / step;
}
