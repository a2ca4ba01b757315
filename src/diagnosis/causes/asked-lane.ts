import { clockShareOf } from '#diagnosis/lanes/clock-effect';
import { codeLoads } from '#diagnosis/lanes/code-loads';
import type { Lane } from '#diagnosis/lanes/lane';
import type { LossContext } from '#diagnosis/lanes/loss-context';
import { type SampleTimeline, sampleTimeline } from '#diagnosis/telemetry/samples';
import { type WaitGraph, waitGraph } from '#diagnosis/waits/wait-graph';
import type { OpenedTrace } from '#trace/opened-trace';
import type { DetectorContext } from './define.ts';
import { laneContext } from './lane-context.ts';

/** A lane about stretches of which the detectors are asked: a rank's, or that of a device of a pipeline. */
export interface AskedLane {
  /** What its losses are judged by. */
  readonly losses: LossContext;
  /** What the detectors may know besides. */
  readonly context: DetectorContext;
}

/** A trace with the telemetry of its GPUs, by their labels, where there is any. */
type Source = Pick<OpenedTrace, 'ops' | 'host'> & {
  readonly waits?: WaitGraph | undefined;
  readonly samples?: ((device: string) => SampleTimeline) | undefined;
};

const NO_SAMPLES = sampleTimeline([], []);

/** Prepares the questions about a lane, with the telemetry of its own GPU. */
export function askedLane(source: Source, lane: Lane): AskedLane {
  const { ops, host } = source;
  const samples = source.samples?.(ops.devices[lane.device] ?? '') ?? NO_SAMPLES;
  return {
    losses: {
      ops,
      host,
      lane,
      waits: source.waits ?? waitGraph(host),
      driver: undefined,
      codeFollows: codeLoads(ops, host, lane),
      clockShare: clockShareOf(ops, lane, samples.clockLoss),
    },
    context: laneContext(source, lane, samples),
  };
}
