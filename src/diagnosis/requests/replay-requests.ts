import { itemAt, realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import type { Ms, Share } from '#core/units';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import { clockSeen, clockWithout, type LaneClock } from './lane-clock.ts';
import { replay } from './lane-queue.ts';
import type { JudgedRequest } from './requests.ts';
import { type UsualPace, usualPace } from './usual-pace.ts';

const MS = 1e6;

/** How the lane would have served without some causes. */
export interface Replay {
  /** What each request would have taken. */
  readonly timesMs: readonly Ms[];
  /** What the own work of each takes on an empty lane. */
  readonly workMs: readonly Ms[];
  /** How closely an end is known: the replay lets work flow, while a lane ends requests with steps, and a prefill comes before an end or after it. */
  readonly grainMs: Ms;
}

/**
 * Learns from a run how its lane serves, and answers what each request would have taken had some causes not held the lane up.
 * The queue is served twice by the same rules, once by the lane's clock as it was and once by that without the causes; what a request
 * gains between the two is taken from the time that it took. So whatever the rules do not explain stays, and nothing is gained where
 * nothing was removed. Arrivals do not move.
 */
export function replayer(
  requests: readonly JudgedRequest[],
  incidents: readonly ExplainedStall[],
): (isRemoved: (cause: CauseOrRest, incident: number) => boolean, slowedToo?: Share) => Replay {
  const seen = clockSeen(incidents);
  const pace = usualPace(requests, seen);
  const before = ends(requests, pace, seen);
  const workMs = requests.map((r, i) => Math.min(r.timeMs, (valueAt(pace.holdsUp, i) + realAt(pace.work, i)) / MS));
  const grainMs = requests.length === 0 ? 0 : (pace.gap + medianOf(pace.holdsUp)) / MS;
  return (isRemoved, slowedToo) => {
    const after = ends(requests, pace, clockWithout(incidents, isRemoved, slowedToo));
    const timesMs = requests.map((r, i) => Math.max(valueAt(workMs, i), r.timeMs - (realAt(before, i) - realAt(after, i)) / MS));
    return { timesMs, workMs, grainMs };
  };
}

function ends(requests: readonly JudgedRequest[], pace: UsualPace, clock: LaneClock): Float64Array {
  const jobs = requests.map((r, i) => ({
    ready: clock.at(r.arrival) + valueAt(pace.wait, i),
    holdsUp: valueAt(pace.holdsUp, i),
    work: realAt(pace.work, i),
  }));
  const served = replay(jobs, pace);
  return Float64Array.from(jobs, (_, i) => clock.when(itemAt(served, i).done));
}
