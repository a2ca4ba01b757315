import { intAt, realAt } from '#core/columns';
import { complement, type Spans, union } from '#core/math/spans';
import { type GpuOps, OP } from '#trace/events/gpu-ops';

/**
 * The GPU work that serves requests: the streams of one process on one GPU on which its results come back to the host.
 * Everything else on that GPU is foreign to it, whoever launched it.
 */
export interface Lane {
  readonly process: number;
  readonly device: number;
  readonly streams: ReadonlySet<number>;
  /** Indices of the lane's operations in GpuOps, in order of start. */
  readonly ops: Int32Array;
  /** When the lane ran something. */
  readonly busy: Spans;
  readonly gaps: Spans;
  /** When kernels of other streams, contexts or processes ran on the same GPU. */
  readonly foreign: Spans;
  /** Indices of the foreign kernels, in order of start. */
  readonly foreignOps: Int32Array;
  /** Ends of device-to-host copies: when results came back. One piece of work lies between two stepEnds. */
  readonly stepEnds: Float64Array;
  /** Process and device of other lanes that also return results; requests of those cannot be told apart. */
  readonly others: number;
}

const DEVICE_TO_HOST = 2;
/** Fewer stepEnds than this say nothing about what a normal piece of work takes. */
const FEWEST_STEPS = 20;
/** A stream that runs something in at least this share of the pieces belongs to normal service; the others are occasional. */
const REGULAR_SHARE = 0.25;

interface Candidate {
  readonly process: number;
  readonly device: number;
  readonly stepEnds: number[];
}

function candidates(ops: GpuOps): Candidate[] {
  const found = new Map<number, Candidate>();
  for (let i = 0; i < ops.n; i++) {
    if (ops.copyKind[i] !== DEVICE_TO_HOST) continue;
    const process = intAt(ops.process, i);
    const device = intAt(ops.device, i);
    const key = process * 4096 + device;
    const c = found.get(key) ?? { process, device, stepEnds: [] };
    found.set(key, c);
    c.stepEnds.push(realAt(ops.end, i));
  }
  return [...found.values()]
    .filter(c => c.stepEnds.length >= FEWEST_STEPS)
    .sort((a, b) => b.stepEnds.length - a.stepEnds.length || a.process - b.process || a.device - b.device);
}

/** The process and GPU with most operations, with stepEnds from elsewhere: for engines that return results in another way. */
function busiest(ops: GpuOps, stepEnds: Float64Array): Candidate | undefined {
  const counts = new Map<number, number>();
  for (let i = 0; i < ops.n; i++) {
    const key = intAt(ops.process, i) * 4096 + intAt(ops.device, i);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
  return best === undefined || stepEnds.length < FEWEST_STEPS
    ? undefined
    : { process: Math.floor(best[0] / 4096), device: best[0] % 4096, stepEnds: [...stepEnds] };
}

/** Streams of the candidate that run something in a fair share of the pieces between stepEnds. */
function regularStreams(ops: GpuOps, lane: Candidate, stepEnds: Float64Array): Set<number> {
  const pieces = new Map<number, { count: number; last: number }>();
  let piece = 0;
  for (let i = 0; i < ops.n; i++) {
    if (ops.process[i] !== lane.process || ops.device[i] !== lane.device) continue;
    while (piece < stepEnds.length && realAt(stepEnds, piece) <= realAt(ops.start, i)) piece++;
    const stream = intAt(ops.stream, i);
    const seen = pieces.get(stream) ?? { count: 0, last: -1 };
    pieces.set(stream, seen);
    if (seen.last !== piece) {
      seen.count++;
      seen.last = piece;
    }
  }
  return new Set([...pieces].filter(([, p]) => p.count >= REGULAR_SHARE * stepEnds.length).map(([stream]) => stream));
}

/**
 * Finds the lane that serves requests: the process and GPU from which results come back most often.
 * @param from @param to the trace's window, ns
 * @param tokenTimes when clients received tokens, ns: stands in for the results of an engine that copies none back
 * @returns undefined when nothing comes back often enough to tell
 */
export function findLane(ops: GpuOps, from: number, to: number, tokenTimes: Float64Array): Lane | undefined {
  const found = candidates(ops);
  const first = found[0] ?? busiest(ops, tokenTimes);
  const rest = found.slice(1);
  if (first === undefined) return undefined;
  const stepEnds = Float64Array.from(first.stepEnds).sort();
  const streams = regularStreams(ops, first, stepEnds);
  const mine: number[] = [];
  const foreignOps: number[] = [];
  for (let i = 0; i < ops.n; i++) {
    if (ops.device[i] !== first.device) continue;
    if (ops.process[i] === first.process && streams.has(intAt(ops.stream, i))) mine.push(i);
    else if (ops.kind[i] !== OP.copy && ops.kind[i] !== OP.memset) foreignOps.push(i);
  }
  const pick = (rows: number[]) =>
    union(
      rows.map(i => realAt(ops.start, i)),
      rows.map(i => realAt(ops.end, i)),
    );
  const busy = pick(mine);
  return {
    process: first.process,
    device: first.device,
    streams,
    ops: Int32Array.from(mine),
    busy,
    gaps: complement(busy, from, to),
    foreign: pick(foreignOps),
    foreignOps: Int32Array.from(foreignOps),
    stepEnds,
    others: rest.length,
  };
}
