import { intAt, itemAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Share } from '#core/units';
import { COPY_KIND } from '#trace/events/copy-kinds';
import { gpuNumber } from '#trace/events/gpu-label';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { type Lane, laneOf } from './lane.ts';
import { pairsOf } from './lockstep.ts';
import { streamLanes } from './stream-lanes.ts';
import { findWorkers } from './workers.ts';

/** Fewer steps than this say nothing about what a normal one takes. */
const FEWEST_STEPS = 20;
/** More GPUs than a trace has. */
const DEVICES = 4096;

/** One lane for each process on each GPU from which results come back to the host, each cut by the ends of the copies that bring them. */
export function findLanes(ops: GpuOps): readonly Lane[] {
  const ends = new Map<number, number[]>();
  for (let i = 0; i < ops.n; i++) {
    if (ops.copyKind[i] !== COPY_KIND.deviceToHost) continue;
    const key = intAt(ops.process, i) * DEVICES + intAt(ops.device, i);
    getOrCompute(ends, key, () => [] as number[]).push(realAt(ops.end, i));
  }
  return [...ends].map(([key, list]) => laneOf(ops, Math.floor(key / DEVICES), key % DEVICES, Float64Array.from(list).sort()));
}

/** The process and GPU with most operations, its steps from elsewhere: for engines that return results in another way. */
function busiestLane(ops: GpuOps, stepEnds: Float64Array): Lane | undefined {
  const [best] = findWorkers(ops);
  return best && laneOf(ops, best.process, best.device, stepEnds);
}

/** Where all ranks return results, which of them returned one more at the edges of the capture says nothing. */
const AS_MANY: Share = 0.95;
/** Of ranks that return equally many results the first GPU's speaks for all. */
const isBefore = ({ devices }: GpuOps, lane: Lane, lead: Lane): boolean =>
  gpuNumber(devices[lane.device] ?? '') < gpuNumber(devices[lead.device] ?? '') && lane.stepEnds.length >= AS_MANY * lead.stepEnds.length;

/**
 * Finds the lanes that serve requests: processes and GPUs from which results come back, the busiest first. Ranks that work in lockstep are one
 * lane, that of the rank which returns most results: the others show in it as those it waits for. Streams of one process that work on their own are several.
 * @param tokenTimes when clients received tokens, ns: stands in for the results of an engine that copies none back
 */
export function findServingLanes(ops: GpuOps, host: HostCalls, tokenTimes: Float64Array): readonly Lane[] {
  const returning = findLanes(ops)
    .filter(lane => lane.stepEnds.length >= FEWEST_STEPS)
    .flatMap(lane => streamLanes(ops, host, lane, FEWEST_STEPS))
    .toSorted((a, b) => b.stepEnds.length - a.stepEnds.length || a.process - b.process || a.device - b.device);
  if (returning.length === 0) return tokenTimes.length < FEWEST_STEPS ? [] : [busiestLane(ops, tokenTimes.toSorted()) ?? []].flat();
  const leads: Lane[] = [];
  for (const lane of returning) {
    const k = leads.findIndex(l => l.device !== lane.device && pairsOf(ops, l, lane) !== undefined);
    if (k < 0) leads.push(lane);
    else if (isBefore(ops, lane, itemAt(leads, k))) leads[k] = lane;
  }
  return leads;
}
