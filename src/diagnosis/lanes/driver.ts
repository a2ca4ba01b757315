import { intAt, valueAt } from '#core/columns';
import type { Share } from '#core/units';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import type { Lane } from './lane.ts';

/** It launches nearly all that computes: the other threads are its helpers. */
const NEARLY_ALL: Share = 0.9;

/** The thread that drives a lane: it launches nearly all of its kernels and graphs. Threads of a pool that only copy do so on its behalf. */
export function driverOf({ api }: HostCalls, ops: GpuOps, lane: Lane): number | undefined {
  const counts = new Map<number, number>();
  let n = 0;
  let last = Number.NaN;
  for (const i of lane.ops) {
    const correlation = intAt(ops.correlation, i);
    if (ops.kind[i] === OP.copy || ops.kind[i] === OP.memset || correlation === last) continue;
    last = correlation;
    const call = api.find(valueAt(ops.processes, lane.process), correlation);
    if (call < 0) continue;
    const thread = intAt(api.thread, call);
    counts.set(thread, (counts.get(thread) ?? 0) + 1);
    n++;
  }
  const [most] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return most !== undefined && most[1] >= NEARLY_ALL * n ? most[0] : undefined;
}
