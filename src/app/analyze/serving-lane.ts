import type { Ns } from '#core/units';
import { type Aligned, clockChecks } from '#diagnosis/clock/aligned';
import type { ClockNote } from '#diagnosis/clock/notes';
import { findLane, type Lane } from '#diagnosis/lanes/lane';
import { tokenTimes } from '#diagnosis/requests/latencies';
import { type SampleTimeline, sampleTimeline } from '#diagnosis/telemetry/samples';
import { pickRows } from '#input/series/on-trace-clock';
import type { ReadTrace } from './read-trace.ts';

const NS_PER_MS = 1e6;

/** The lane that serves requests, with the telemetry of its GPU. */
export interface ServingLane {
  /** Undefined where no lane returns results, and where there is none to look for. */
  readonly lane: Lane | undefined;
  /** Rows of the lane's GPU; walked anew each time. */
  readonly gpu: Aligned['gpu'];
  readonly samples: SampleTimeline;
  readonly clockNotes: readonly ClockNote[];
}

/** When results came back in the trace alone, ns: what token times can be matched to. */
export const stepEndsOf = ({ ops }: ReadTrace, [from, to]: readonly [Ns, Ns]): Float64Array =>
  findLane(ops, from, to, new Float64Array(0))?.stepEnds ?? new Float64Array(0);

/**
 * Finds the lane that serves requests.
 * @param isPipeline a pipeline's time is accounted for by its schedules: its stages wait for one another, which in a server would be a fault
 */
export function servingLane(trace: ReadTrace, window: readonly [Ns, Ns], aligned: Aligned, isPipeline: boolean): ServingLane {
  const { ops } = trace;
  const [from, to] = window;
  const { rows, offset } = aligned;
  const received = tokenTimes(rows, [(from - offset) / NS_PER_MS, (to - offset) / NS_PER_MS]);
  const tokens = Float64Array.from(received, t => t * NS_PER_MS + offset);
  const lane = isPipeline ? undefined : findLane(ops, from, to, tokens);
  const gpuIndex = Number(/\d+$/.exec(ops.devices[lane?.device ?? 0] ?? '')?.[0] ?? 0);
  const gpu = pickRows(aligned.gpu, g => g.gpu === gpuIndex);
  return { lane, gpu, samples: sampleTimeline(gpu, aligned.host), clockNotes: clockChecks(aligned, ops, lane, gpuIndex, window) };
}
