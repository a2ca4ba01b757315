import { intAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { attributeLosses, type LostBy, lostByCause } from '#diagnosis/causes/attribute-losses';
import type { Detector, DetectorContext } from '#diagnosis/causes/define';
import { laneContext } from '#diagnosis/causes/lane-context';
import { clockShareOf } from '#diagnosis/lanes/clock-effect';
import { gapLosses, type LossContext } from '#diagnosis/lanes/gap-losses';
import { laneOf } from '#diagnosis/lanes/lane';
import { sampleTimeline } from '#diagnosis/telemetry/samples';
import type { CauseOrRest } from '#schema/causes';
import type { PipelineSource } from './source.ts';

/**
 * Why an operation of a report had not been launched in [from, to): time by cause, by the rules that the detectors have for gaps.
 * Times on the clock that all reports share.
 */
export type LaunchCauses = (source: number, op: number, from: Ns, to: Ns) => ReadonlyMap<CauseOrRest, LostBy>;

const NO_SAMPLES = sampleTimeline([], []);
/** A device of a pipeline has no steps of its own: all streams of its process belong to its lane. */
const NO_STEPS = new Float64Array(0);

interface DeviceLane {
  readonly losses: LossContext;
  readonly context: DetectorContext;
}

/** What one process does on one GPU of a report. */
function deviceLane(source: PipelineSource, process: number, device: number): DeviceLane {
  const { ops, host } = source;
  const lane = laneOf(ops, process, device, NO_STEPS);
  const samples = source.samples?.(ops.devices[device] ?? '') ?? NO_SAMPLES;
  return {
    losses: { ops, host, lane, clockShare: clockShareOf(ops, lane, samples.clockLoss) },
    context: laneContext(source, lane, samples),
  };
}

/** Prepares the question. Nothing is read before it is asked: most pipelines are never starved. */
export function launchCauses(sources: readonly PipelineSource[], detectors: readonly Detector[]): LaunchCauses {
  const lanes = new Map<string, DeviceLane>();
  return (s, op, from, to) => {
    const source = sources[s];
    if (source === undefined || to <= from) return new Map();
    const { ops, clock } = source;
    const process = intAt(ops.process, op);
    const device = intAt(ops.device, op);
    const { losses, context } = getOrCompute(lanes, `${s}:${process}:${device}`, () => deviceLane(source, process, device));
    const [start, end] = [from - clock.offset, to - clock.offset];
    const { lane } = losses;
    // What the gap came after: none where the process had run nothing there yet.
    const previous = lane.ops[upperBound(lane.starts, start - 1) - 1] ?? -1;
    return lostByCause(attributeLosses(gapLosses(losses, start, end, previous, op), detectors, context));
  };
}
