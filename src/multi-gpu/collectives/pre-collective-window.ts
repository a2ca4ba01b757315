import { intAt, realAt } from '#core/columns';
import { type Spans, union, upperBound } from '#core/math/spans';
import { type GapContext, gapLosses } from '#diagnosis/lanes/gap-losses';
import type { Lane } from '#diagnosis/lanes/lane';
import type { Loss } from '#diagnosis/lanes/loss';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';

/** Gaps shorter than this are the cost of a launch. */
const LAUNCH_NS = 20_000;

/** What a rank's GPU ran, ready to be asked about stretches of time. */
export interface RankWork {
  readonly process: number;
  readonly device: number;
  /** Operations of the rank, in order of start: on the streams that feed its collectives. */
  readonly ops: Int32Array;
  readonly starts: Float64Array;
  /** Kernels of other streams and processes on the same GPU. */
  readonly foreignOps: Int32Array;
  readonly foreign: Spans;
  /** True where a kernel of that name had run before in this trace. */
  readonly seenBefore: (op: number) => boolean;
}

/** A stream that runs something in this share of the stretches between collectives belongs to the rank's work; others are occasional. */
const REGULAR_SHARE = 0.25;

/** Streams of a process on a GPU that run something in a fair share of the stretches between its collectives. */
function regularStreams(ops: GpuOps, process: number, device: number, ends: Float64Array): ReadonlySet<number> {
  const counts = new Map<number, number>();
  const seenIn = new Map<number, number>();
  let piece = 0;
  // Operations of one stream come in runs: a look-up only where stream or piece changes.
  let [stream, at] = [-1, -1];
  for (let i = 0; i < ops.n; i++) {
    if (ops.device[i] !== device || ops.process[i] !== process) continue;
    const start = realAt(ops.start, i);
    while (piece < ends.length && realAt(ends, piece) <= start) piece++;
    if (ops.stream[i] === stream && piece === at) continue;
    stream = intAt(ops.stream, i);
    at = piece;
    if (seenIn.get(stream) === piece) continue;
    seenIn.set(stream, piece);
    counts.set(stream, (counts.get(stream) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, n]) => n >= REGULAR_SHARE * ends.length).map(([s]) => s));
}

/** Splits what ran on a rank's GPU into its own regular streams and the rest. @param ends of the rank's collectives, ascending, on its source's clock */
export function rankWork(ops: GpuOps, process: number, device: number, ends: Float64Array): RankWork {
  const regular = regularStreams(ops, process, device, ends);
  const mine = new Int32Array(ops.n);
  const others: number[] = [];
  let n = 0;
  for (let i = 0; i < ops.n; i++) {
    if (ops.device[i] !== device || !(realAt(ops.end, i) > realAt(ops.start, i))) continue;
    if (ops.process[i] === process && regular.has(intAt(ops.stream, i))) mine[n++] = i;
    else if (ops.kind[i] === OP.kernel || ops.kind[i] === OP.graph) others.push(i);
  }
  const rows = mine.slice(0, n);
  const starts = new Float64Array(n);
  for (let k = 0; k < n; k++) starts[k] = realAt(ops.start, intAt(rows, k));
  return {
    process,
    device,
    ops: rows,
    starts,
    foreignOps: Int32Array.from(others),
    foreign: union(
      others.map(i => realAt(ops.start, i)),
      others.map(i => realAt(ops.end, i)),
    ),
    seenBefore: firstRuns(ops, process, device),
  };
}

/** Tells whether a kernel of that name had run before. Few gaps ask; the index is made for the first that does. */
function firstRuns(ops: GpuOps, process: number, device: number): (op: number) => boolean {
  let first: Map<number, number> | undefined;
  return op => {
    if (ops.kind[op] !== OP.kernel) return true;
    if (first === undefined) {
      first = new Map();
      for (let i = ops.n - 1; i >= 0; i--)
        if (ops.kind[i] === OP.kernel && ops.device[i] === device && ops.process[i] === process) first.set(ops.fullNameId[i] ?? -1, i);
    }
    return first.get(ops.fullNameId[op] ?? -1) !== op;
  };
}

/** What a rank did in [from, to): the gaps in its work as losses, and how long it computed, by work. */
export interface PreCollectiveWindow {
  readonly losses: readonly Loss[];
  /** Union of its kernels and copies, collectives left out, ns. */
  readonly busy: number;
  /** Operations of each kind of work, collectives left out. */
  readonly count: number;
}

/** Looks at the stretch before a late entry. @param entry the collective that was entered late; @param from @param to on the source's clock */
export function preCollectiveWindow(
  ops: GpuOps,
  host: HostCalls,
  work: RankWork,
  entry: number,
  from: number,
  to: number,
): PreCollectiveWindow {
  const lane: Lane = {
    process: work.process,
    device: work.device,
    streams: new Set(),
    ops: work.ops,
    busy: work.foreign,
    gaps: work.foreign,
    foreign: work.foreign,
    foreignOps: work.foreignOps,
    stepEnds: new Float64Array(0),
    others: 0,
  };
  const context: GapContext = { ops, host, lane, seenBefore: work.seenBefore, clockShare: () => 0 };
  const losses: Loss[] = [];
  let busyTo = from;
  let busy = 0;
  let count = 0;
  let previous = -1;
  const gap = (start: number, endedBy: number) => {
    if (start - busyTo >= LAUNCH_NS) losses.push(...gapLosses(context, busyTo, start, previous < 0 ? endedBy : previous, endedBy));
  };
  for (let k = Math.max(0, upperBound(work.starts, from) - 1); k < work.ops.length; k++) {
    const i = intAt(work.ops, k);
    const start = realAt(ops.start, i);
    if (start >= to) break;
    const end = Math.min(to, realAt(ops.end, i));
    if (end <= from) {
      previous = i;
      continue;
    }
    gap(start, i);
    if (ops.kind[i] !== OP.communication) {
      count++;
      const begun = Math.max(start, busyTo);
      busy += Math.max(0, end - begun);
      if (ops.kind[i] === OP.copy && end - begun >= LAUNCH_NS)
        losses.push({
          kind: 'copy',
          start: begun,
          end,
          bytes: realAt(ops.bytes, i),
          copyKind: ops.copyKind[i] ?? -1,
          pageable: ops.pageable[i] === 1,
        });
    }
    busyTo = Math.max(busyTo, end);
    previous = i;
  }
  gap(to, entry);
  return { losses, busy, count };
}
