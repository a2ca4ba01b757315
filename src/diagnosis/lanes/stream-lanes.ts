import { sum } from 'd3-array';
import { intAt, itemAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Ns, Share } from '#core/units';
import { COPY_KIND } from '#trace/events/copy-kinds';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { isTied, lagSpread } from './lag-spread.ts';
import { type Lane, laneOf } from './lane.ts';

/** A stream belongs to the thread that launches nearly all of it. */
const NEARLY_ALL: Share = 0.9;

/** What one stream of a process on a GPU ran. */
interface StreamWork {
  readonly results: number[];
  kernels: number;
  /** How long its operations took together. */
  busy: Ns;
  n: number;
  readonly byThread: Map<number, number>;
}

/** Streams that one thread launches, and when their results came back. */
interface Group {
  readonly streams: readonly number[];
  readonly ends: Float64Array;
  readonly busy: Ns;
}

/**
 * Takes a lane apart where it is several: models of one server that compute on streams of their own, each launched by a thread of its own and
 * with results of its own, at moments that have nothing to do with those of the others. What one thread launches is one engine, and so
 * are streams that return their results together.
 * @param fewest results of a lane
 */
export function streamLanes(ops: GpuOps, host: HostCalls, lane: Lane, fewest: number): readonly Lane[] {
  const { process, device } = lane;
  if (resultStreams(ops, lane, fewest) < 2) return [lane];
  const byThread = new Map<number, [number, StreamWork][]>();
  for (const [stream, work] of workOfStreams(ops, host, lane)) {
    const [most] = [...work.byThread].toSorted((a, b) => b[1] - a[1]);
    if (most !== undefined && most[1] >= NEARLY_ALL * work.n) getOrCompute(byThread, most[0], () => []).push([stream, work]);
  }
  const groups = [...byThread.values()].flatMap((list): Group[] => {
    // A stream that only copies brings back what another computed.
    const returning = list.filter(([, w]) => w.results.length > 0 && w.kernels >= w.results.length);
    const ends = Float64Array.from(returning.flatMap(([, w]) => w.results)).sort();
    return ends.length < fewest ? [] : [{ streams: list.map(([s]) => s), ends, busy: sum(list, ([, w]) => w.busy) }];
  });
  const apart = untied(groups);
  return apart.length < 2 ? [lane] : apart.map(g => laneOf(ops, process, device, g.ends, new Set(g.streams)));
}

const isOf = (ops: GpuOps, { process, device }: Lane, i: number): boolean => ops.process[i] === process && ops.device[i] === device;

/** Streams of a lane's process that return enough results: nearly always one, and then nothing more needs to be looked at. */
function resultStreams(ops: GpuOps, lane: Lane, fewest: number): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < ops.n; i++) {
    if (ops.copyKind[i] !== COPY_KIND.deviceToHost || !isOf(ops, lane, i)) continue;
    const stream = intAt(ops.stream, i);
    counts.set(stream, (counts.get(stream) ?? 0) + 1);
  }
  return [...counts.values()].filter(n => n >= fewest).length;
}

function workOfStreams(ops: GpuOps, host: HostCalls, lane: Lane): ReadonlyMap<number, StreamWork> {
  const out = new Map<number, StreamWork>();
  const process = valueAt(ops.processes, lane.process);
  for (let i = 0; i < ops.n; i++) {
    if (!isOf(ops, lane, i)) continue;
    const work = getOrCompute(out, intAt(ops.stream, i), () => ({
      results: [],
      kernels: 0,
      busy: 0,
      n: 0,
      byThread: new Map<number, number>(),
    }));
    const isCopy = ops.kind[i] === OP.copy || ops.kind[i] === OP.memset;
    if (!isCopy) work.kernels++;
    if (ops.copyKind[i] === COPY_KIND.deviceToHost) work.results.push(realAt(ops.end, i));
    work.busy += realAt(ops.end, i) - realAt(ops.start, i);
    work.n++;
    const call = host.api.find(process, intAt(ops.correlation, i));
    if (call < 0) continue;
    const thread = intAt(host.api.thread, call);
    work.byThread.set(thread, (work.byThread.get(thread) ?? 0) + 1);
  }
  return out;
}

/** Puts those together whose results follow one another at a constant time: two streams of one engine do, two models do not. */
function untied(groups: readonly Group[]): readonly Group[] {
  const out: Group[] = [];
  for (const group of groups) {
    const k = out.findIndex(g => isTied(spread(group, g)) || isTied(spread(g, group)));
    if (k < 0) out.push(group);
    else {
      const other = itemAt(out, k);
      const ends = Float64Array.from([...other.ends, ...group.ends]).sort();
      out[k] = { streams: [...other.streams, ...group.streams], ends, busy: other.busy + group.busy };
    }
  }
  return out;
}

/** Measured by the work for a result: two models may get their requests in turn, and then only the work of one says how close is close. */
const spread = (a: Group, b: Group) => lagSpread(a.ends, b.ends, b.busy / b.ends.length);
