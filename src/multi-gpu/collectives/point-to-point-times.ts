import { intAt, realAt } from '#core/columns';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { SourceClock } from '#multi-gpu/ranks/clocks';
import type { CollectiveStream, Rank } from '#multi-gpu/ranks/ranks';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import { COPY_KIND } from '#trace/events/copy-kinds';
import type { GpuOps } from '#trace/events/gpu-ops';

/** What PyTorch's symmetric memory tells the other side with that something was handed over, and waits for it with. */
const SIGNAL = /^(put|wait)_signal_kernel$/;

/** Ends of NCCL's sends and receives, on the streams' clock. */
function ofNccl(streams: readonly CollectiveStream[], rank: number, isPointToPoint: (kind: number) => boolean): Ns[] {
  return streams.filter(c => c.rank === rank).flatMap(c => [...c.end].filter((_, i) => isPointToPoint(intAt(c.kind, i))));
}

/** Ends of copies to another GPU, and of signals, on the source's own clock. */
function ofCopies(ops: GpuOps, { process, device }: Rank): Ns[] {
  const signals = new Set([...ops.names].filter(([, name]) => SIGNAL.test(name)).map(([id]) => id));
  const ends: Ns[] = [];
  for (let i = 0; i < ops.n; i++) {
    if (ops.process[i] !== process || ops.device[i] !== device) continue;
    if (ops.copyKind[i] === COPY_KIND.peer || signals.has(intAt(ops.nameId, i))) ends.push(realAt(ops.end, i));
  }
  return ends;
}

/**
 * Tells whether a rank handed something to another, or took it, in (from, to]: by NCCL's sends and receives, by copies between GPUs, or by
 * the signals of symmetric memory. On the clock of the streams.
 */
export function pointToPointTimes(
  sources: readonly CollectiveSource[],
  ranks: readonly Rank[],
  clocks: readonly SourceClock[],
  streams: readonly CollectiveStream[],
  isPointToPoint: (kind: number) => boolean,
) {
  const ends = ranks.map((rank, i) => {
    const ops = sources[rank.source]?.ops;
    const add = clocks[rank.source]?.add ?? (() => 0);
    const copies = ops === undefined ? [] : ofCopies(ops, rank).map(t => t + add(t));
    return Float64Array.from([...ofNccl(streams, i, isPointToPoint), ...copies]).sort();
  });
  return (rank: number, from: Ns, to: Ns): boolean => {
    const own = ends[rank] ?? new Float64Array();
    return upperBound(own, to) > upperBound(own, from);
  };
}
