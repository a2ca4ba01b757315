import { itemAt, realAt } from '#core/columns';
import { type Spans, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import { REST_NS } from '../launch-groups.ts';
import { EVENT, type LaneEvents } from './lane-events.ts';
import type { TimeSpan, Window } from './windows.ts';

/** When any lane computed in a window. */
function computeIn(lanes: readonly LaneEvents[], window: Window): Spans {
  const out: [Ns, Ns][] = [];
  for (const [l, lane] of lanes.entries()) {
    const { firstEvent, endEvent } = itemAt(window.lanes, l);
    for (let e = firstEvent; e < endEvent; e++) if (lane.kind[e] === EVENT.compute) out.push([realAt(lane.start, e), realAt(lane.end, e)]);
  }
  return spansOf(out);
}

/** From the first to the last compute of a window; undefined where there is none. */
export function fullSpan(lanes: readonly LaneEvents[], window: Window): TimeSpan | undefined {
  const work = computeIn(lanes, window);
  return work.n === 0 ? undefined : [realAt(work.start, 0), realAt(work.end, work.n - 1)];
}

/** When a window's lanes begin again after all of them computed nothing for longer than that. */
export function startsAfterRests(lanes: readonly LaneEvents[], window: Window, longest: Ns): Ns[] {
  const work = computeIn(lanes, window);
  const out: Ns[] = [];
  for (let i = 1; i < work.n; i++) if (realAt(work.start, i) - realAt(work.end, i - 1) > longest) out.push(realAt(work.start, i));
  return out;
}

/**
 * The operations of an iteration and the work beside them that belongs to it, such as the optimizer's: what no longer rest of all devices parts from them than lies
 * between the operations themselves. Building the next model does not belong to it.
 */
export function spanAround(lanes: readonly LaneEvents[], window: Window, [first, last]: TimeSpan): TimeSpan {
  const work = computeIn(lanes, window);
  let rest = REST_NS;
  for (let i = 1; i < work.n; i++) {
    const [from, to] = [realAt(work.end, i - 1), realAt(work.start, i)];
    if (from >= first && to <= last) rest = Math.max(rest, to - from);
  }
  let [start, end] = [first, last];
  for (let i = 0; i < work.n; i++) if (realAt(work.start, i) <= end + rest && realAt(work.end, i) > end) end = realAt(work.end, i);
  for (let i = work.n - 1; i >= 0; i--)
    if (realAt(work.end, i) >= start - rest && realAt(work.start, i) < start) start = realAt(work.start, i);
  return [start, end];
}
