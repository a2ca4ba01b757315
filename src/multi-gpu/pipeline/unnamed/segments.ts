import { intAt, realAt } from '#core/columns';
import type { Ns } from '#core/units';
import { EVENT, type LaneEvents } from './lane-events.ts';

/** Kernels that one thread launched in a row on one lane, with no message between them. Times on the clock that all reports share. */
export interface Segment {
  /** Its events, as LaneEvents counts. */
  readonly events: readonly number[];
  readonly thread: number;
  readonly start: Ns;
  readonly end: Ns;
  /** Sum of the lengths of its kernels. */
  readonly busy: Ns;
  /** Messages that were launched since the segment before. */
  readonly messages: number;
}

/** One segment of some events of a lane. */
export function segmentOf(lane: LaneEvents, events: readonly number[], messages: number): Segment {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  let busy = 0;
  for (const e of events) {
    start = Math.min(start, realAt(lane.start, e));
    end = Math.max(end, realAt(lane.end, e));
    busy += realAt(lane.end, e) - realAt(lane.start, e);
  }
  return { events, thread: intAt(lane.thread, events[0] ?? -1), start, end, busy, messages };
}

/** Cuts the events [from, to) of a lane where a message was launched, or where another thread goes on. */
export function segmentsOf(lane: LaneEvents, from: number, to: number): Segment[] {
  const out: Segment[] = [];
  let open: number[] = [];
  let messages = 0;
  const close = () => {
    if (open.length > 0) {
      out.push(segmentOf(lane, open, messages));
      messages = 0;
    }
    open = [];
  };
  for (let e = from; e < to; e++) {
    const kind = lane.kind[e];
    if (kind === EVENT.compute) {
      if (open.length > 0 && lane.thread[open[0] ?? e] !== lane.thread[e]) close();
      open.push(e);
    } else if (kind === EVENT.message) {
      close();
      messages++;
    }
  }
  close();
  return out;
}
