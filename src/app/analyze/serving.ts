import type { Ns } from '#core/units';
import { type Aligned, clockChecks } from '#diagnosis/clock/aligned';
import type { ClockNote } from '#diagnosis/clock/notes';
import type { Lane } from '#diagnosis/lanes/lane';
import { findServingLanes } from '#diagnosis/lanes/serving-lane';
import { tokenTimes } from '#diagnosis/requests/latencies';
import { type SampleTimeline, sampleTimeline } from '#diagnosis/telemetry/samples';
import { pickRows } from '#input/series/on-trace-clock';
import { gpuNumber } from '#trace/events/gpu-label';
import type { OpenedTrace } from '#trace/opened-trace';

const NS_PER_MS = 1e6;
const NONE = new Float64Array(0);

/** The lanes that serve requests, with the telemetry of the busiest one's GPU. */
export interface Serving {
  /** The busiest first; none where nothing returns results, and where there is none to look for. */
  readonly lanes: readonly Lane[];
  /** Rows of the busiest lane's GPU; walked anew each time. */
  readonly gpu: Aligned['gpu'];
  readonly samples: SampleTimeline;
  readonly clockNotes: readonly ClockNote[];
}

/** When results came back in the trace alone, ns: what token times can be matched to. */
export const stepEndsOf = ({ ops, host }: OpenedTrace): Float64Array => findServingLanes(ops, host, NONE)[0]?.stepEnds ?? NONE;

const rowsOfGpu = ({ gpu }: Aligned, device: string): Aligned['gpu'] => {
  const wanted = gpuNumber(device);
  return pickRows(gpu, g => g.gpu === wanted);
};

/** Telemetry of each GPU of the trace that it came with, by the GPU's label. */
export const samplesOfGpu =
  (aligned: Aligned) =>
  (device: string): SampleTimeline =>
    sampleTimeline(rowsOfGpu(aligned, device), aligned.host, aligned.preemptions);

/**
 * Finds the lanes that serve requests.
 * @param isPipeline a pipeline's time is accounted for by its schedules: its stages wait for one another, which in a server would be a fault
 */
export function serving({ ops, host }: OpenedTrace, window: readonly [Ns, Ns], aligned: Aligned, isPipeline: boolean): Serving {
  const [from, to] = window;
  const { rows, offset } = aligned;
  const received = tokenTimes(rows, [(from - offset) / NS_PER_MS, (to - offset) / NS_PER_MS]);
  const tokens = Float64Array.from(received, t => t * NS_PER_MS + offset);
  const lanes = isPipeline ? [] : findServingLanes(ops, host, tokens);
  const [lane] = lanes;
  const device = ops.devices[lane?.device ?? 0] ?? '';
  const gpu = rowsOfGpu(aligned, device);
  const clockNotes = clockChecks(aligned, ops, lane, gpuNumber(device), window);
  return { lanes, gpu, samples: sampleTimeline(gpu, aligned.host, aligned.preemptions), clockNotes };
}
