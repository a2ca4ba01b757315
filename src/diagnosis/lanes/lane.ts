import { intAt, realAt } from '#core/columns';
import { lazily } from '#core/lazily';
import { complement, coverage, type Spans, union } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import { regularStreams } from './regular-streams.ts';

/** Gaps shorter than this are the cost of one launch and its latency, a few microseconds each: part of normal work. */
export const LAUNCH_NS = 20_000;

/**
 * What one process does on one GPU. There are many: replicas, ranks, stages, models. Everything else that computes on that GPU is foreign
 * to it, whoever launched it: streams of the same process that seldom run anything, and other processes.
 * All but `process`, `device` and `stepEnds` is worked out when it is first asked for.
 */
export interface Lane {
  /** Index into GpuOps.processes. */
  readonly process: number;
  /** Index into GpuOps.devices. */
  readonly device: number;
  /** Where its work is cut into steps, ascending, ns: ends of copies of results, or of collectives. */
  readonly stepEnds: Float64Array;
  /** Its regular streams. Without steps all that it has. */
  readonly streams: ReadonlySet<number>;
  /** Indices of its operations in GpuOps, in order of start. */
  readonly ops: Int32Array;
  /** When each of them started, ns. */
  readonly starts: Float64Array;
  /** When it ran something. */
  readonly busy: Spans;
  /** When, inside [from, to), it ran nothing. */
  readonly gapsIn: (from: Ns, to: Ns) => Spans;
  /** Indices of the foreign kernels, in order of start. */
  readonly foreignOps: Int32Array;
  /** When they ran. */
  readonly foreign: Spans;
  /** Share of [from, to) in which they ran. */
  readonly foreignShare: (from: Ns, to: Ns) => Share;
  /** Whether a kernel of that name had run before in the process on that GPU, in whatever shape: code is loaded by name. */
  readonly seenBefore: (op: number) => boolean;
}

/**
 * The lane of a process on a GPU.
 * @param stepEnds ascending, ns: tell its regular streams from occasional ones
 * @param streams its regular streams, where they are known otherwise
 */
export function laneOf(ops: GpuOps, process: number, device: number, stepEnds: Float64Array, streams?: ReadonlySet<number>): Lane {
  const regular = lazily(() => streams ?? regularStreams(ops, process, device, stepEnds));
  const split = lazily(() => splitDevice(ops, process, device, regular()));
  const starts = lazily(() => startsOf(ops, split().own));
  const busy = lazily(() => spansOf(ops, split().own));
  const foreign = lazily(() => spansOf(ops, split().foreign));
  const covered = lazily(() => coverage(foreign()));
  const first = lazily(() => firstRuns(ops, process, device));
  return {
    process,
    device,
    stepEnds,
    get streams() {
      return regular();
    },
    get ops() {
      return split().own;
    },
    get starts() {
      return starts();
    },
    get busy() {
      return busy();
    },
    gapsIn: (from, to) => complement(busy(), from, to),
    get foreignOps() {
      return split().foreign;
    },
    get foreign() {
      return foreign();
    },
    foreignShare: (from, to) => (to > from ? covered()(from, to) / (to - from) : 0),
    seenBefore: op => ops.kind[op] !== OP.kernel || first().get(intAt(ops.fullNameId, op)) !== op,
  };
}

/** What runs on a device, the lane's own and the foreign work beside it. Copies and fills of others hold no SM: they are neither. */
function splitDevice(ops: GpuOps, process: number, device: number, streams: ReadonlySet<number>) {
  const own = new Int32Array(ops.n);
  const foreign = new Int32Array(ops.n);
  let n = 0;
  let others = 0;
  // Operations of one stream come in runs: a look-up only where the stream changes.
  let stream = -1;
  let isRegular = streams.has(stream);
  for (let i = 0; i < ops.n; i++) {
    if (ops.device[i] !== device) continue;
    if (ops.process[i] === process) {
      if (ops.stream[i] !== stream) {
        stream = intAt(ops.stream, i);
        isRegular = streams.has(stream);
      }
      if (isRegular) {
        own[n++] = i;
        continue;
      }
    }
    if (ops.kind[i] !== OP.copy && ops.kind[i] !== OP.memset) foreign[others++] = i;
  }
  return { own: own.slice(0, n), foreign: foreign.slice(0, others) };
}

function startsOf(ops: GpuOps, rows: Int32Array): Float64Array {
  const starts = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) starts[k] = realAt(ops.start, intAt(rows, k));
  return starts;
}

function spansOf(ops: GpuOps, rows: Int32Array): Spans {
  const ends = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) ends[k] = realAt(ops.end, intAt(rows, k));
  return union(startsOf(ops, rows), ends);
}

/** The first kernel of each name that a process ran on a GPU. */
function firstRuns(ops: GpuOps, process: number, device: number): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  for (let i = 0; i < ops.n; i++) {
    if (ops.kind[i] !== OP.kernel || ops.device[i] !== device || ops.process[i] !== process) continue;
    const name = intAt(ops.fullNameId, i);
    if (!first.has(name)) first.set(name, i);
  }
  return first;
}
