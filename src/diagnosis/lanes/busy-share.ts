import { max } from 'd3-array';
import { realAt } from '#core/columns';
import { intersect, measure, type Spans } from '#core/math/spans';
import type { Share } from '#core/units';
import type { GpuOps } from '#trace/events/gpu-ops';
import { deviceBusy } from '#trace/events/trace-facts';
import type { Lane } from './lane.ts';

/** Share of the time with requests in flight in which the lane's GPU ran anything. */
export function busyShare(ops: GpuOps, lane: Lane, demand: Spans | undefined): Share | undefined {
  if (demand === undefined) return undefined;
  const inTrace = intersect(demand, { n: 1, start: Float64Array.of(realAt(ops.start, 0)), end: Float64Array.of(max(ops.end) ?? 0) });
  const total = measure(inTrace);
  return total > 0 ? measure(intersect(inTrace, deviceBusy(ops, lane.device))) / total : undefined;
}
