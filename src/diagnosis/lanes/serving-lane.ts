import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { COPY_KIND } from '#trace/events/copy-kinds';
import type { GpuOps } from '#trace/events/gpu-ops';
import { type Lane, laneOf } from './lane.ts';

/** The lane that serves requests: its steps end with results that come back to the host, or with tokens that reach clients. */
export interface ServingLane extends Lane {
  /** Other lanes that also return results; requests of those cannot be told apart. */
  readonly others: number;
}

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
  const counts = new Map<number, number>();
  for (let i = 0; i < ops.n; i++) {
    const key = intAt(ops.process, i) * DEVICES + intAt(ops.device, i);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
  return best && laneOf(ops, Math.floor(best[0] / DEVICES), best[0] % DEVICES, stepEnds);
}

/**
 * Finds the lane that serves requests: the process and GPU from which results come back most often.
 * @param tokenTimes when clients received tokens, ns: stands in for the results of an engine that copies none back
 * @returns undefined when nothing comes back often enough to tell
 */
export function findServingLane(ops: GpuOps, tokenTimes: Float64Array): ServingLane | undefined {
  const [first, ...rest] = findLanes(ops)
    .filter(lane => lane.stepEnds.length >= FEWEST_STEPS)
    .toSorted((a, b) => b.stepEnds.length - a.stepEnds.length || a.process - b.process || a.device - b.device);
  const lane = first ?? (tokenTimes.length < FEWEST_STEPS ? undefined : busiestLane(ops, tokenTimes.toSorted()));
  return lane && Object.assign(lane, { others: rest.length });
}
