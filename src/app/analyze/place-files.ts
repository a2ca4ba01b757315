import type { Ns } from '#core/units';
import { type Aligned, align, type GpuClock, gpuClockOf } from '#diagnosis/clock/aligned';
import { type ProfilerHold, profilerHolds } from '#diagnosis/requests/profiler-holds';
import { gpuNumber } from '#trace/events/gpu-label';
import { gpuCards } from '#trace/events/trace-facts';
import type { OpenedTrace } from '#trace/opened-trace';
import type { AnalysisInput } from './analysis-input.ts';
import { stepEndsOf } from './serving.ts';

/** The files around a trace on its clock, and what that shows of clocks and of the profiler. */
export interface Placed {
  /** What may be judged by. */
  readonly aligned: Aligned;
  /** All that was given, GPU samples that do not fit the trace among it. */
  readonly given: Aligned;
  readonly gpuClock: GpuClock;
  readonly holds: readonly ProfilerHold[];
}

const gpusOf = ({ source, ops }: OpenedTrace) => ({ cards: gpuCards(source), used: ops.devices.map(gpuNumber) });

/** Lays the files over the trace. @throws ForensicsError clock-mismatch */
export function placeFiles({ files, clock }: AnalysisInput, trace: OpenedTrace, window: readonly [Ns, Ns]): Placed {
  const given = align(files, trace.clock.session, window, clock, () => stepEndsOf(trace), gpusOf(trace));
  const gpuClock = gpuClockOf(given, trace.ops, window);
  // Samples that lie elsewhere in time would accuse a clock of what it did at another hour.
  const aligned = gpuClock === 'doubtful' ? { ...given, gpu: [] } : given;
  return { aligned, given, gpuClock, holds: profilerHolds(aligned.rows, aligned.offset, window) };
}
