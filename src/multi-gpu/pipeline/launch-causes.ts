import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { NO_SPANS, type Spans, union, upperBound } from '#core/math/spans';
import { attributeLosses, type LostBy, lostByCause } from '#diagnosis/causes/attribute-losses';
import type { Detector, DetectorContext } from '#diagnosis/causes/define';
import { gapLosses, seenBeforeIndex } from '#diagnosis/lanes/gap-losses';
import type { Lane } from '#diagnosis/lanes/lane';
import { sampleTimeline } from '#diagnosis/telemetry/samples';
import type { CauseOrRest } from '#schema/causes';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { PipelineSource } from './source.ts';

/**
 * Why an operation of a report had not been launched in [from, to): ns by cause, by the rules that the detectors have for gaps.
 * Times on the clock that all reports share.
 */
export type LaunchCauses = (source: number, op: number, from: number, to: number) => ReadonlyMap<CauseOrRest, LostBy>;

const NO_SAMPLES = sampleTimeline([], []);
const isKernel = (ops: GpuOps, i: number) => ops.kind[i] === OP.kernel || ops.kind[i] === OP.graph;

/** All that one process runs on one GPU, as the rules for gaps want it. */
function laneOf(ops: GpuOps, process: number, device: number): Lane {
  const mine: number[] = [];
  const foreignOps: number[] = [];
  for (let i = 0; i < ops.n; i++) {
    if (ops.device[i] !== device) continue;
    if (ops.process[i] === process) mine.push(i);
    else if (isKernel(ops, i)) foreignOps.push(i);
  }
  const others = new Set(foreignOps);
  const foreign: Spans = others.size === 0 ? NO_SPANS : union(ops.start, ops.end, i => others.has(i));
  return {
    ...{ process, device, streams: new Set<number>(), ops: Int32Array.from(mine), foreign, foreignOps: Int32Array.from(foreignOps) },
    ...{ busy: NO_SPANS, gaps: NO_SPANS, stepEnds: new Float64Array(0), others: 0 },
  };
}

/** Prepares the question. Nothing is read before it is asked: most pipelines are never starved. */
export function launchCauses(sources: readonly PipelineSource[], detectors: readonly Detector[]): LaunchCauses {
  const lanes = new Map<string, { readonly lane: Lane; readonly starts: Float64Array; readonly seenBefore: (op: number) => boolean }>();
  return (s, op, from, to) => {
    const source = sources[s];
    if (source === undefined || to <= from) return new Map();
    const { ops, host, offset } = source;
    const process = intAt(ops.process, op);
    const device = intAt(ops.device, op);
    const { lane, starts, seenBefore } = getOrCompute(lanes, `${s}:${process}:${device}`, () => {
      const made = laneOf(ops, process, device);
      return { lane: made, starts: Float64Array.from(made.ops, i => realAt(ops.start, i)), seenBefore: seenBeforeIndex(ops, made) };
    });
    const describe = (i: number) => ops.names.get(ops.nameId[i] ?? -1) ?? 'other work';
    const context: DetectorContext = {
      samples: NO_SAMPLES,
      describe,
      foreignWork: () => 'other work',
      hasOsCalls: host.hasOsCalls,
      oneStream: false,
    };
    const [start, end] = [from - offset, to - offset];
    // What the gap came after: none where the process had run nothing there yet.
    const previous = lane.ops[upperBound(starts, start - 1) - 1] ?? -1;
    const losses = gapLosses({ ops, host, lane, seenBefore, clockShare: () => 0 }, start, end, previous, op);
    return lostByCause(attributeLosses(losses, detectors, context));
  };
}
