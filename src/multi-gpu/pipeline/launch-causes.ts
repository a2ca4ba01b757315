import { intAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { type AskedLane, askedLane } from '#diagnosis/causes/asked-lane';
import { attributeLosses, type LostBy, lostByCause } from '#diagnosis/causes/attribute-losses';
import type { Detector } from '#diagnosis/causes/define';
import { gapLosses } from '#diagnosis/lanes/gap-losses';
import { laneOf } from '#diagnosis/lanes/lane';
import type { CauseOrRest } from '#schema/causes';
import type { PipelineSource } from './source.ts';

/**
 * Why an operation of a report had not been launched in [from, to): time by cause, by the rules that the detectors have for gaps.
 * Times on the clock that all reports share.
 */
export type LaunchCauses = (source: number, op: number, from: Ns, to: Ns) => ReadonlyMap<CauseOrRest, LostBy>;

/** A device of a pipeline has no steps of its own: all streams of its process belong to its lane. */
const NO_STEPS = new Float64Array(0);

/** Prepares the question. Nothing is read before it is asked: most pipelines are never starved. */
export function launchCauses(sources: readonly PipelineSource[], detectors: readonly Detector[]): LaunchCauses {
  const lanes = new Map<string, AskedLane>();
  return (s, op, from, to) => {
    const source = sources[s];
    if (source === undefined || to <= from) return new Map();
    const { ops, clock } = source;
    const process = intAt(ops.process, op);
    const device = intAt(ops.device, op);
    const { losses, context } = getOrCompute(lanes, `${s}:${process}:${device}`, () =>
      askedLane(source, laneOf(ops, process, device, NO_STEPS)),
    );
    const [start, end] = [from - clock.offset, to - clock.offset];
    const { lane } = losses;
    // What the gap came after: none where the process had run nothing there yet.
    const previous = lane.ops[upperBound(lane.starts, start - 1) - 1] ?? -1;
    return lostByCause(attributeLosses(gapLosses(losses, start, end, previous, op), detectors, context));
  };
}
