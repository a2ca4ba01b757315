import { median } from 'd3-array';
import { intAt, itemAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Ns, Share } from '#core/units';
import type { Reading } from './kinds.ts';
import { EVENT, type LaneEvents } from './lane-events.ts';
import type { EventRange, Window } from './windows.ts';

/** A recorder loses no more than this share of the messages between two occurrences of a kernel, but for one. */
const MOST_LOST: Share = 0.02;
/** An iteration passes at least so many messages: two microbatches go and come. */
const FEWEST_MESSAGES = 3;
/** So many ways to part a window are tried. */
const TRIED = 3;

/** Occurrences of a kernel, those with no message between them as one: how many messages of its lane came before, and when it began. */
interface Burst {
  readonly messages: number;
  readonly start: Ns;
}

/** Kernels of a lane with their occurrences, and how many messages there are. */
function burstsOf(lane: LaneEvents, { firstEvent, endEvent }: EventRange): { readonly works: Burst[][]; readonly messages: number } {
  const works = new Map<number, Burst[]>();
  let messages = 0;
  for (let e = firstEvent; e < endEvent; e++) {
    if (lane.kind[e] === EVENT.message) messages++;
    if (lane.kind[e] !== EVENT.compute) continue;
    const list = getOrCompute(works, intAt(lane.work, e), () => [] as Burst[]);
    if (list.at(-1)?.messages !== messages) list.push({ messages, start: realAt(lane.start, e) });
  }
  return { works: [...works.values()], messages };
}

/** Whether a kernel comes again after as many messages each time, and they fill the window. */
function isPeriodic(bursts: readonly Burst[], messages: number): boolean {
  const gaps = bursts.slice(1).map((b, i) => b.messages - itemAt(bursts, i).messages);
  const period = median(gaps) ?? 0;
  const near = (n: number) => Math.abs(n - period) <= 1 + MOST_LOST * period;
  const rest = itemAt(bursts, 0).messages + messages - itemAt(bursts, bursts.length - 1).messages;
  return period >= FEWEST_MESSAGES && gaps.every(near) && near(rest);
}

/** When kernels began that come periodically, by how often they do: of those that come as often the last in their iteration. */
function periodsOf(lane: LaneEvents, range: EventRange): ReadonlyMap<number, readonly Ns[]> {
  const { works, messages } = burstsOf(lane, range);
  const out = new Map<number, readonly Ns[]>();
  for (const bursts of works) {
    if (bursts.length < 2 || !isPeriodic(bursts, messages)) continue;
    const known = out.get(bursts.length)?.[0];
    if (known === undefined || itemAt(bursts, 0).start > known)
      out.set(
        bursts.length,
        bursts.map(b => b.start),
      );
  }
  return out;
}

/** Starts of the first forwards after other work that end after some moments; undefined where there are fewer. */
function forwardsAfter({ operations }: Reading, times: readonly Ns[]): Ns[] | undefined {
  const turns = operations.filter((o, i) => o.kind === 0 && i > 0 && itemAt(operations, i - 1).kind !== 0);
  const starts = times.map(t => turns.find(o => o.segment.end > t)?.segment.start);
  const known = starts.filter(t => t !== undefined);
  return known.length === times.length && new Set(known).size === known.length ? known : undefined;
}

/**
 * Ways in which a window may part into iterations by kernels that come once in each, such as the optimizer's: the sequence of kernels has their period. For each, when the
 * iterations after the first begin on each lane: with the forward that follows. A lane that lost one of them follows the others.
 * @param readings of each lane
 */
export function startsByStepKernels(
  lanes: readonly LaneEvents[],
  window: Window,
  readings: readonly (readonly Reading[])[],
): (readonly (readonly Ns[])[])[] {
  const each = lanes.map((lane, l) => periodsOf(lane, itemAt(window.lanes, l)));
  const votes = new Map<number, number>();
  for (const periods of each) for (const k of periods.keys()) votes.set(k, (votes.get(k) ?? 0) + 1);
  const agreed = [...votes].filter(([, n]) => 2 * n > lanes.length).map(([k]) => k);
  return agreed
    .sort((a, b) => a - b)
    .slice(0, TRIED)
    .flatMap(k => {
      const shared = Array.from({ length: k }, (_, i) => Math.min(...each.flatMap(m => m.get(k)?.[i] ?? [])));
      // After the last of them nothing begins, where they are at the end; where they are at the beginning, before the first.
      const starts = readings.map((own, l) => {
        const times = each[l]?.get(k) ?? shared;
        const found = own.flatMap(r => {
          const all = forwardsAfter(r, times);
          const inner = all === undefined ? forwardsAfter(r, times.slice(0, -1)) : all.slice(1);
          return inner === undefined ? [] : [inner];
        });
        return found[0];
      });
      const complete = starts.filter(s => s !== undefined);
      return complete.length === lanes.length ? [complete] : [];
    });
}
