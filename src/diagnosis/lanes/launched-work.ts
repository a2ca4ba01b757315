import { intAt, realAt } from '#core/columns';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { Lane } from './lane.ts';

/** When work of a launch of its own began on a lane, ascending, ns: all nodes of a graph are one launch. */
export function launchedWork(ops: GpuOps, lane: Lane): Float64Array {
  const out = new Float64Array(lane.ops.length);
  let n = 0;
  let last = Number.NaN;
  for (const i of lane.ops) {
    const correlation = intAt(ops.correlation, i);
    if (correlation !== last) out[n++] = realAt(ops.start, i);
    last = correlation;
  }
  return out.subarray(0, n);
}
