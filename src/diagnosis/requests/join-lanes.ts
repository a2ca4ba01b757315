import { minIndex } from 'd3-array';
import { itemAt, valueAt } from '#core/columns';
import { FEWEST_MOMENTS, isTied, lagSpread } from '#diagnosis/lanes/lag-spread';
import { usualStep } from '#diagnosis/lanes/step-length';
import { joinByEnd } from './join-by-end.ts';
import type { JudgedRequest } from './requests.ts';
import { tokenTimesOf } from './token-times.ts';

/** What the token times of a request say of the lanes. */
export interface Joined {
  /** Index of the lane that served it, or -1 where its tokens fit none better than chance. */
  readonly lane: number;
  /** Lanes that may have served it: that one, or those in whose time too few of its tokens lie to tell. */
  readonly possible: readonly number[];
}

/**
 * Which of several lanes served each request: a request's tokens arrive at a nearly constant time after the ends of its own lane's steps,
 * and anywhere between those of another. Those with too few tokens to show a rhythm are told by when they ended.
 * @param stepEnds of each lane, ascending, ns
 */
export function joinLanes(requests: readonly JudgedRequest[], stepEnds: readonly Float64Array[]): readonly Joined[] {
  if (stepEnds.length === 1) return requests.map(() => ({ lane: 0, possible: [0] }));
  const steps = stepEnds.map(usualStep);
  const timesOfEach = requests.map(tokenTimesOf);
  const byEnd = joinByEnd(
    requests.filter((_, i) => itemAt(timesOfEach, i).length < FEWEST_MOMENTS),
    stepEnds,
  );
  return requests.map((r, i) => {
    const times = itemAt(timesOfEach, i);
    const spreads = stepEnds.map((ends, k) => lagSpread(times, ends, valueAt(steps, k)));
    const lane = minIndex(spreads, s => s ?? Number.NaN);
    if (isTied(spreads[lane])) return { lane, possible: [lane] };
    const ended = byEnd.get(r);
    if (ended !== undefined && ended.length > 0) return { lane: ended.length === 1 ? valueAt(ended, 0) : -1, possible: ended };
    return { lane: -1, possible: [...spreads.keys()].filter(k => spreads[k] === undefined) };
  });
}
