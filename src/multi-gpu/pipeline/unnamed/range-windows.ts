import { itemAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { HostRange, PipelineSource } from '../source.ts';
import { EVENT, type LaneEvents } from './lane-events.ts';
import { type EventRange, isWork, type Window } from './windows.ts';

/** Ranges of one name but for its numbers, of one thread of one process, in order. */
interface Repeated {
  readonly name: string;
  readonly process: string;
  readonly ranges: readonly HostRange[];
}

/** A name without what counts: iterations are called `step 1`, `step 2`. */
const withoutNumbers = (name: string): string => name.replace(/\d+/g, '#');
/** What a reader is shown of such a name: all but its last number, which counts. */
const labelOf = (name: string): string => name.replace(/[\s:_=#-]*\d+\D*$/, '').trim();

const processOf = (sources: readonly PipelineSource[], lane: LaneEvents): string => {
  const source = itemAt(sources, lane.source);
  const thread = lane.thread.find(t => t >= 0);
  return `${lane.source}:${thread === undefined ? '' : source.host.threads[thread]?.pid}`;
};

/** Ranges that repeat on one thread and do not nest in one another. */
function repeatedOf(sources: readonly PipelineSource[]): Repeated[] {
  const found = new Map<string, { name: string; process: string; ranges: HostRange[] }>();
  for (const [s, source] of sources.entries())
    for (const r of source.ranges) {
      const name = withoutNumbers(r.name);
      const process = `${s}:${r.pid}`;
      const list = getOrCompute(found, `${process}:${r.tid}:${name}`, () => ({ name, process, ranges: [] as HostRange[] }));
      const outer = list.ranges.at(-1);
      if (outer === undefined || r.start >= outer.end) list.ranges.push(r);
    }
  return [...found.values()].filter(r => r.ranges.length > 1);
}

const eventsIn = (lane: LaneEvents, from: Ns, to: Ns): EventRange => ({
  firstEvent: upperBound(lane.launched, from),
  endEvent: upperBound(lane.launched, to),
});

/** The range of an ordered list that is open at t. */
function openAt(list: readonly HostRange[], t: Ns): HostRange | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (itemAt(list, middle).start <= t) low = middle + 1;
    else high = middle;
  }
  const found = list[low - 1];
  return found !== undefined && found.end >= t ? found : undefined;
}

const overlap = (a: HostRange, b: HostRange) => Math.min(a.end, b.end) - Math.max(a.start, b.start);

/** The windows of one name: what each lane launched while its process was in the k-th range of it. */
function windowsOf(sources: readonly PipelineSource[], lanes: readonly LaneEvents[], own: readonly Repeated[]): Window[] {
  const shifted = (r: HostRange, s: number): HostRange => {
    const { offset } = itemAt(sources, s).clock;
    return { ...r, start: r.start + offset, end: r.end + offset };
  };
  const byProcess = new Map(
    own
      .toSorted((a, b) => a.ranges.length - b.ranges.length)
      .map(r => [r.process, r.ranges.map(x => shifted(x, Number(r.process.split(':')[0])))]),
  );
  const reference = [...byProcess.values()].at(-1) ?? [];
  return reference.map(ref => ({
    label: labelOf(ref.name),
    lanes: lanes.map(lane => {
      const list = byProcess.get(processOf(sources, lane)) ?? [];
      const own = list === reference ? ref : openAt(list, (ref.start + ref.end) / 2);
      return own === undefined ? { firstEvent: 0, endEvent: 0 } : eventsIn(lane, own.start, own.end);
    }),
  }));
}

/** Share of its ranges in which a pipeline must have run: an iteration passes messages, a layer does not. */
const LEAST_WORKING = 0.9;

/**
 * Stretches that the program marked itself: ranges of one name, but for its numbers, that repeat on every process and have messages in them. The
 * longest are taken, so that what lies inside an iteration is not taken for one.
 */
export function markedWindows(sources: readonly PipelineSource[], lanes: readonly LaneEvents[]): Window[] {
  const repeated = repeatedOf(sources);
  const processes = new Set(lanes.map(l => processOf(sources, l)));
  const byName = new Map<string, Repeated[]>();
  for (const r of repeated) getOrCompute(byName, r.name, () => [] as Repeated[]).push(r);
  const lengthOf = (list: readonly Repeated[]) =>
    Math.max(...list.map(r => r.ranges.reduce((n, x) => n + x.end - x.start, 0) / r.ranges.length));
  const candidates = [...byName]
    .filter(([, list]) => [...processes].every(p => list.some(r => r.process === p)))
    .map(([, list]) => ({ list, length: lengthOf(list) }))
    .sort((a, b) => b.length - a.length);
  const taken: HostRange[] = [];
  const out: Window[] = [];
  for (const { list } of candidates) {
    const mine = list.flatMap(r => r.ranges.map(x => ({ ...x, pid: Number(r.process.split(':')[1]) })));
    if (mine.some(r => taken.some(t => t.pid === r.pid && overlap(t, r) > 0))) continue;
    const windows = windowsOf(sources, lanes, list);
    const working = windows.filter(w => isWork(lanes, w));
    if (working.length < 2 || working.length < LEAST_WORKING * windows.length) continue;
    taken.push(...mine);
    out.push(...working);
    // Thousands of names lie inside iterations: once most of the work is in some, none of them is one.
    if (coverage(lanes, out) > ENOUGH) break;
  }
  return out;
}

/** Share of all computing launches that lie in windows: more need not be looked for. */
const ENOUGH = 0.95;

function coverage(lanes: readonly LaneEvents[], windows: readonly Window[]): number {
  let all = 0;
  let inside = 0;
  for (const [l, lane] of lanes.entries()) {
    for (let e = 0; e < lane.n; e++) if (lane.kind[e] === EVENT.compute) all++;
    for (const w of windows) {
      const { firstEvent, endEvent } = itemAt(w.lanes, l);
      for (let e = firstEvent; e < endEvent; e++) if (lane.kind[e] === EVENT.compute) inside++;
    }
  }
  return all === 0 ? 0 : inside / all;
}
