import type { Spans } from '#core/math/spans';
import type { Ns } from '#core/units';
import { type AttributedLoss, attributeLosses } from '#diagnosis/causes/attribute-losses';
import type { DetectorContext } from '#diagnosis/causes/define';
import { laneContext } from '#diagnosis/causes/lane-context';
import { type LatePeers, latePeers } from '#diagnosis/groups/late-peers';
import { markInput } from '#diagnosis/lanes/idle-wait';
import type { Lane } from '#diagnosis/lanes/lane';
import type { Loss } from '#diagnosis/lanes/loss';
import { findLosses } from '#diagnosis/lanes/losses';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { DiagnosisInput } from './diagnosis-input.ts';

/** What a lane lost, and to whom. */
interface LaneLosses extends Pick<LatePeers, 'graphs'> {
  readonly losses: readonly Loss[];
  readonly attributed: readonly AttributedLoss[];
  /** What the detectors knew. */
  readonly context: DetectorContext;
}

/**
 * What the lane lost, its waits for late ranks among it, each loss with the cause that claims it.
 * @param demand when requests were in flight; undefined without a load test
 * @param usualStepNs NaN where results are too few to tell
 */
export function laneLosses(
  input: DiagnosisInput,
  lane: Lane,
  samples: SampleTimeline,
  demand: Spans | undefined,
  usualStepNs: Ns,
): LaneLosses {
  const { ops, host, detectors, samplesOf, lateWaits = new Map(), waits, window } = input;
  const peers = latePeers(input, lane, detectors, samplesOf, waits);
  const all = findLosses(ops, host, lane, samples.clockLoss, new Map([...peers.waits, ...lateWaits]), waits);
  const scale = { n: lane.stepEnds.length, length: usualStepNs };
  const mark = (some: readonly Loss[]) => markInput(some, host, demand, window, scale);
  const losses = demand === undefined ? all : mark(all);
  const context = laneContext(input, lane, samples);
  const given = attributeLosses(losses, detectors, context);
  return { losses, attributed: demand === undefined ? withoutIdleWaits(given, mark) : given, context, graphs: peers.graphs };
}

/**
 * Without a load test nothing tells a wait for work from a wait that held work up: what a lane waited in for most of its starved time is put
 * down to nobody, unless a detector knows more than that the thread waited.
 */
function withoutIdleWaits(
  attributed: readonly AttributedLoss[],
  mark: (losses: readonly Loss[]) => readonly Loss[],
): readonly AttributedLoss[] {
  const marked = mark(attributed.map(a => a.loss));
  return attributed.map((a, k) => {
    const loss = marked[k];
    const isIdle = a.cause === 'host-blocked' && loss?.kind === 'starved' && loss.isInput === true;
    return isIdle ? { ...a, loss, cause: undefined, attribution: undefined } : a;
  });
}
