import { itemAt, realAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { IterationsBy } from '../assumptions.ts';
import { EVENT, type LaneEvents } from './lane-events.ts';

/** Events of a lane in the order of their launches: from the first one, up to before the end one. */
export interface EventRange {
  readonly firstEvent: number;
  readonly endEvent: number;
}

/** A stretch of the run in which one iteration, or several, ran: which events of each lane. */
export interface Window {
  /** What the program calls it, where a range says. */
  readonly label: string | undefined;
  readonly lanes: readonly EventRange[];
}

/** The whole that the lanes did in a stretch [start, end), ns on the clock that all reports share. */
export type TimeSpan = readonly [Ns, Ns];

/** Stretches of the run, and by what they were told apart. */
export interface Windows {
  readonly by: IterationsBy;
  readonly windows: readonly Window[];
}

/** A clock that is a little off, and ranks that leave a barrier one after the other: by so much may the ends of one barrier differ, ns. */
const TOGETHER_NS: Ns = 1e6;

/** Whether some events are of a kind. */
const has = (lane: LaneEvents, range: EventRange, kind: number) => {
  for (let e = range.firstEvent; e < range.endEvent; e++) if (lane.kind[e] === kind) return true;
  return false;
};

/** How many messages a lane passed on or took in. */
export function messagesIn(lane: LaneEvents, { firstEvent, endEvent }: EventRange): number {
  let n = 0;
  for (let e = firstEvent; e < endEvent; e++) if (lane.kind[e] === EVENT.message) n++;
  return n;
}

/** Whether a pipeline ran in it: some lane computed and passed messages on. */
export const isWork = (lanes: readonly LaneEvents[], w: Window): boolean =>
  w.lanes.some((r, l) => has(itemAt(lanes, l), r, EVENT.message)) && w.lanes.some((r, l) => has(itemAt(lanes, l), r, EVENT.compute));

/** All that was recorded. */
export const wholeRun = (lanes: readonly LaneEvents[]): Window => ({
  label: undefined,
  lanes: lanes.map(l => ({ firstEvent: 0, endEvent: l.n })),
});

/** First of some events of a lane that computes and began at t or later; their end where there is none. */
function firstFrom(lane: LaneEvents, t: Ns, { firstEvent, endEvent }: EventRange): number {
  for (let e = firstEvent; e < endEvent; e++) if (lane.kind[e] === EVENT.compute && realAt(lane.start, e) >= t) return e;
  return endEvent;
}

/** A window cut where each lane begins something at some times, as many on each. */
export function cutAt(lanes: readonly LaneEvents[], window: Window, times: readonly (readonly Ns[])[]): Window[] {
  const cuts = window.lanes.map((range, l) => {
    const at = itemAt(times, l).map(t => firstFrom(itemAt(lanes, l), t, range));
    return [range.firstEvent, ...at, range.endEvent];
  });
  return [...itemAt(times, 0), 0].map((_, i) => ({
    label: window.label,
    lanes: cuts.map(c => ({ firstEvent: itemAt(c, i), endEvent: itemAt(c, i + 1) })),
  }));
}

const collectivesOf = (lane: LaneEvents): number[] =>
  Array.from({ length: lane.n }, (_, e) => e).filter(e => lane.kind[e] === EVENT.collective);

/**
 * Stretches between collectives of all lanes: a barrier, or the one that adds up gradients or their norm, comes between two iterations. Where
 * a lane has fewer than the others, as its records end early, the time tells.
 */
export function betweenBarriers(lanes: readonly LaneEvents[]): Window[] {
  const all = lanes.map(collectivesOf);
  const reference = all.reduce((a, b) => (b.length > a.length ? b : a), [] as number[]);
  const referenceLane = lanes[all.indexOf(reference)];
  if (referenceLane === undefined || reference.length === 0) return [];
  const same = all.every(c => c.length === reference.length);
  const cuts = lanes.map((lane, l) => {
    const own = itemAt(all, l);
    if (same) return own;
    let at = 0;
    return reference.map(r => {
      const end = realAt(referenceLane.end, r);
      const apart = (k: number) => Math.abs(realAt(lane.end, itemAt(own, k)) - end);
      while (at + 1 < own.length && apart(at + 1) <= apart(at)) at++;
      const near = own[at];
      return near !== undefined && apart(at) <= TOGETHER_NS ? near : firstFrom(lane, end, { firstEvent: 0, endEvent: lane.n });
    });
  });
  return [...reference, -1].map((_, i) => ({
    label: undefined,
    lanes: cuts.map((c, l) => ({ firstEvent: i === 0 ? 0 : itemAt(c, i - 1), endEvent: c[i] ?? itemAt(lanes, l).n })),
  }));
}
