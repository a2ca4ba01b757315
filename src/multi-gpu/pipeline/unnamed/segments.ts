import { intAt, realAt } from '#core/columns';
import type { Ns } from '#core/units';
import { EVENT, type LaneEvents } from './lane-events.ts';
import type { EventRange } from './windows.ts';

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

/**
 * The length of an operation, as far as segments tell it, ns: that of the segment in which the middle of all compute lies, as short ones may be
 * many.
 */
export function usualBusy(segments: readonly Segment[]): Ns {
  const sorted = segments.map(s => s.busy).sort((a, b) => a - b);
  const half = sorted.reduce((n, x) => n + x, 0) / 2;
  let sum = 0;
  for (const busy of sorted) {
    sum += busy;
    if (sum >= half) return busy;
  }
  return 0;
}

/** Devices that stood still for so many operations did not do so inside an iteration: what comes after is something else, such as the next model. */
export const LONG_REST = 10;

/** Parts of a segment between rests of its device that no operation has inside. */
function withoutRests(lane: LaneEvents, segment: Segment, longest: Ns): Segment[] {
  const parts: number[][] = [[]];
  let end = Number.NaN;
  for (const e of segment.events) {
    if (realAt(lane.start, e) - end > longest) parts.push([]);
    parts.at(-1)?.push(e);
    end = Math.max(realAt(lane.end, e), Number.isNaN(end) ? Number.NEGATIVE_INFINITY : end);
  }
  return parts.length === 1 ? [segment] : parts.map((events, i) => segmentOf(lane, events, i === 0 ? segment.messages : 0));
}

/** Cuts events of a lane where a message was launched, where another thread goes on, or after a long rest. */
export function segmentsOf(lane: LaneEvents, range: EventRange): Segment[] {
  const whole = betweenMessages(lane, range);
  const longest = LONG_REST * usualBusy(whole);
  return whole.flatMap(s => withoutRests(lane, s, longest));
}

function betweenMessages(lane: LaneEvents, { firstEvent, endEvent }: EventRange): Segment[] {
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
  for (let e = firstEvent; e < endEvent; e++) {
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
