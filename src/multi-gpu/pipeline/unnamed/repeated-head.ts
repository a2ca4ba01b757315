import { sum } from 'd3-array';
import { intAt, itemAt } from '#core/columns';
import type { Share } from '#core/units';
import type { LaneEvents } from './lane-events.ts';
import type { EventRange, Window } from './windows.ts';

/** Two iterations have this much of their kernels and messages in common: a recorder loses some, and threads that take turns move a few beyond the end. */
const SAME: Share = 0.98;

const lengthOf = ({ firstEvent, endEvent }: EventRange) => endEvent - firstEvent;

/** How often a lane did each work in a stretch. */
function worksIn(lane: LaneEvents, { firstEvent, endEvent }: EventRange): Map<number, number> {
  const out = new Map<number, number>();
  for (let e = firstEvent; e < endEvent; e++) {
    const work = intAt(lane.work, e);
    out.set(work, (out.get(work) ?? 0) + 1);
  }
  return out;
}

/** Whether a lane did in one stretch what it did in another. */
function isAlike(lane: LaneEvents, range: EventRange, before: EventRange): boolean {
  const own = worksIn(lane, range);
  return sum(worksIn(lane, before), ([work, n]) => Math.min(n, own.get(work) ?? 0)) >= SAME * lengthOf(before);
}

/**
 * The beginning of a window that repeats the whole of the one before: the program waits for all ranks before each iteration, though not after the last one, so that the
 * window holds what follows too, such as the building of the next model and its warm-up. Undefined where some lane does not repeat itself, or does no more than that.
 */
export function repeatedHead(lanes: readonly LaneEvents[], window: Window, before: Window): Window | undefined {
  const heads = window.lanes.map(({ firstEvent }, l) => ({ firstEvent, endEvent: firstEvent + lengthOf(itemAt(before.lanes, l)) }));
  const repeats = lanes.every((lane, l) => {
    const [own, head, last] = [itemAt(window.lanes, l), itemAt(heads, l), itemAt(before.lanes, l)];
    return lengthOf(last) > 0 && lengthOf(own) > lengthOf(last) && isAlike(lane, head, last);
  });
  return repeats ? { label: window.label, lanes: heads } : undefined;
}
