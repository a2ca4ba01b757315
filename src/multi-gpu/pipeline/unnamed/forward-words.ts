import { intAt, realAt } from '#core/columns';
import type { Share } from '#core/units';
import { leastBusy } from './kernel-words.ts';
import type { LaneEvents } from './lane-events.ts';
import { type Segment, segmentOf, segmentsOf } from './segments.ts';
import type { EventRange } from './windows.ts';

/** Kernels, by report, that forwards are made of: those of the shortest beginning of a lane, as each begins with a forward. */
export function forwardKernels(lanes: readonly LaneEvents[], ranges: readonly EventRange[]): ReadonlyMap<number, ReadonlySet<number>> {
  const out = new Map<number, { readonly busy: number; readonly works: ReadonlySet<number> }>();
  for (const [l, lane] of lanes.entries()) {
    const range = ranges[l];
    if (range === undefined) continue;
    const segments = segmentsOf(lane, range);
    const least = leastBusy(segments);
    const first = segments.find(s => s.busy >= least);
    const known = out.get(lane.source);
    if (first === undefined || (known !== undefined && known.busy <= first.busy)) continue;
    out.set(lane.source, { busy: first.busy, works: new Set(first.events.map(e => intAt(lane.work, e))) });
  }
  return new Map([...out].map(([source, { works }]) => [source, works]));
}

/**
 * Cuts segments where kernels of forwards follow others, or the other way round: on the last stage no message parts a forward from its backward.
 * What takes too little time to be an operation stays with what is before it.
 */
export function splitAtForwards(lane: LaneEvents, segments: readonly Segment[], forward: ReadonlySet<number>): Segment[] {
  const least = leastBusy(segments);
  return segments.flatMap(segment => {
    const runs: { events: number[]; readonly isForward: boolean; busy: number }[] = [];
    for (const e of segment.events) {
      const isForward = forward.has(intAt(lane.work, e));
      const last = runs.at(-1);
      const busy = realAt(lane.end, e) - realAt(lane.start, e);
      if (last?.isForward === isForward) {
        last.events.push(e);
        last.busy += busy;
      } else runs.push({ events: [e], isForward, busy });
    }
    const joined: typeof runs = [];
    for (const run of runs) {
      const last = joined.at(-1);
      if (last !== undefined && (run.busy < least || last.isForward === run.isForward || last.busy < least)) {
        last.events.push(...run.events);
        last.busy += run.busy;
      } else joined.push({ ...run, events: [...run.events] });
    }
    return joined.length < 2 ? [segment] : joined.map((r, i) => segmentOf(lane, r.events, i === 0 ? segment.messages : 0));
  });
}

/** Share of a segment's time in kernels that forwards are made of. */
export function forwardShare(lane: LaneEvents, segment: Segment, forward: ReadonlySet<number>): Share {
  let own = 0;
  for (const e of segment.events) if (forward.has(intAt(lane.work, e))) own += realAt(lane.end, e) - realAt(lane.start, e);
  return segment.busy === 0 ? 0 : own / segment.busy;
}
