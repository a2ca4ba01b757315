import { sum } from 'd3-array';
import { itemAt, realAt, valueAt } from '#core/columns';
import { normalOf } from '#core/math/normal-range';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { JudgedRequest } from './requests.ts';

/** Fewer ends say nothing about how long an answer takes to its client. */
const FEWEST_ENDS = 20;
/** Where the step of another lane ends within the usual time before one answer in four, by chance alone, ends of steps tell nothing. */
const MOST_BY_CHANCE: Share = 0.25;

/**
 * Which lanes may have served requests of which only the end is known: an answer leaves at a nearly constant time after the step that made it, whichever
 * lane that was. The usual time is that from the last end of any lane's step: for most answers it was their own.
 * @param stepEnds of each lane, ascending, ns
 * @returns lanes by request; several where more than one ended a step then, none where none did
 */
export function joinByEnd(
  requests: readonly JudgedRequest[],
  stepEnds: readonly Float64Array[],
): ReadonlyMap<JudgedRequest, readonly number[]> {
  const lags = requests.map(r => Math.min(...stepEnds.map(ends => lagOf(ends, r.end)))).filter(Number.isFinite);
  const usual = normalOf(lags, FEWEST_ENDS);
  if (usual === undefined) return new Map();
  const [low, high] = [2 * usual.median - usual.limit, usual.limit];
  const rate = sum(stepEnds, ends => ends.length / (realAt(ends, ends.length - 1) - realAt(ends, 0)));
  if (rate * (high - low) > MOST_BY_CHANCE) return new Map();
  const hasEndIn = (ends: Float64Array, from: Ns, to: Ns) => upperBound(ends, to) > upperBound(ends, from);
  return new Map(requests.map(r => [r, [...stepEnds.keys()].filter(k => hasEndIn(itemAt(stepEnds, k), r.end - high, r.end - low))]));
}

/** Time since the last end of a step before t; infinite where there is none. */
function lagOf(ends: Float64Array, t: Ns): Ns {
  const k = upperBound(ends, t) - 1;
  return k < 0 ? Number.POSITIVE_INFINITY : t - valueAt(ends, k);
}
