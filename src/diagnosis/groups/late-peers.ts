import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { type AttributedLoss, attributeLosses, lostByCause } from '#diagnosis/causes/attribute-losses';
import type { Detector } from '#diagnosis/causes/define';
import { laneContext } from '#diagnosis/causes/lane-context';
import { type Lane, laneOf } from '#diagnosis/lanes/lane';
import type { LateWait } from '#diagnosis/lanes/late-wait';
import { keptBy, pairsOf } from '#diagnosis/lanes/lockstep';
import { findLosses } from '#diagnosis/lanes/losses';
import { findWorkers } from '#diagnosis/lanes/workers';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import { type GpuOps, isPointToPoint, OP } from '#trace/events/gpu-ops';
import type { OpenedTrace } from '#trace/opened-trace';

const NO_STEPS = new Float64Array(0);
/** Lanes on other GPUs with fewer operations than this have no steps to run together. */
const FEWEST_OPS = 100;

/** Lanes of other GPUs: ranks that may work in lockstep with this one, whether or not they return results. */
export const otherLanes = (ops: GpuOps, lane: Lane): readonly Lane[] =>
  findWorkers(ops)
    .filter(w => w.device !== lane.device && w.n >= FEWEST_OPS)
    .map(w => laneOf(ops, w.process, w.device, NO_STEPS));

/** What ranks in lockstep with a lane did to it. */
export interface LatePeers {
  /** Operations of the lane that were kept waiting inside, by their index in GpuOps. */
  readonly waits: ReadonlyMap<number, LateWait>;
  /** GPUs that ran whole graphs together with it, each recorded as one row: who came late to a collective inside is not seen. */
  readonly graphs: readonly { readonly peer: string; readonly count: number }[];
}

/** How many of a lane's operations in lockstep are whole graphs. */
const wholeGraphs = (ops: GpuOps, own: Int32Array): number => own.reduce((n, i) => n + (ops.kind[i] === OP.graph ? 1 : 0), 0);

/**
 * Operations of a lane that were kept waiting inside by a rank that works in lockstep with it and came late, with what kept that rank.
 * @param samplesOf telemetry of a GPU, by its label
 */
export function latePeers(
  trace: Pick<OpenedTrace, 'ops' | 'host'>,
  lane: Lane,
  detectors: readonly Detector[],
  samplesOf: (device: string) => SampleTimeline,
  waits: WaitGraph,
): LatePeers {
  const { ops, host } = trace;
  const out = new Map<number, LateWait>();
  const graphs: LatePeers['graphs'][number][] = [];
  for (const peer of otherLanes(ops, lane)) {
    const pairs = pairsOf(ops, lane, peer);
    if (pairs === undefined) continue;
    const label = ops.devices[peer.device] ?? '';
    const count = wholeGraphs(ops, pairs.own);
    if (count > 0) graphs.push({ peer: label, count });
    // The comparison of all ranks has judged collectives of NCCL; it leaves sends and receives out.
    const kept = keptBy(ops, pairs).filter(k => ops.kind[k.op] !== OP.communication || isPointToPoint(ops, k.op));
    if (kept.length === 0) continue;
    const samples = samplesOf(label);
    const losses = attributeLosses(
      findLosses(ops, host, peer, samples.clockLoss, undefined, waits),
      detectors,
      laneContext(trace, peer, samples),
    );
    const starts = Float64Array.from(losses, l => l.start);
    for (const { op, from, to } of kept) {
      const ns = to - from;
      if ((out.get(op)?.ns ?? 0) < ns) out.set(op, { op, ns, rank: label, ...causeIn(losses, starts, from, to) });
    }
  }
  return { waits: out, graphs };
}

/** What took most of the time in which a rank kept the others waiting. */
function causeIn(losses: readonly AttributedLoss[], starts: Float64Array, from: Ns, to: Ns): Pick<LateWait, 'cause' | 'why'> {
  const inside: AttributedLoss[] = [];
  for (let k = Math.max(0, upperBound(starts, from) - 1); k < losses.length; k++) {
    const l = losses[k];
    if (l === undefined || l.start >= to) break;
    if (l.end > from) inside.push({ ...l, start: Math.max(l.start, from), end: Math.min(l.end, to) });
  }
  const [most] = [...lostByCause(inside)].toSorted((a, b) => b[1].ns - a[1].ns);
  if (most === undefined) return { cause: 'unexplained', why: 'nothing that its thread or its GPU did accounts for it' };
  return { cause: most[0], why: most[1].subject === '' ? 'no call accounts for it' : most[1].subject };
}
