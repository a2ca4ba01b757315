import { intAt } from '#core/columns';
import type { GpuOps } from '#trace/events/gpu-ops';

/** One process on one GPU, with how many operations it ran there. */
export interface Worker {
  /** Its place in ops.processes. */
  readonly process: number;
  /** Its place in ops.devices. */
  readonly device: number;
  readonly n: number;
}

/** More GPUs than a trace has. */
const DEVICES = 4096;

/** Every process on every GPU that it ran anything on, the busiest first. */
export function findWorkers(ops: GpuOps): readonly Worker[] {
  const counts = new Map<number, number>();
  let [last, run] = [Number.NaN, 0];
  const add = () => run > 0 && counts.set(last, (counts.get(last) ?? 0) + run);
  for (let i = 0; i < ops.n; i++) {
    const key = intAt(ops.process, i) * DEVICES + intAt(ops.device, i);
    if (key !== last) {
      // Operations come in runs of one worker: counted run by run, since there may be a hundred million.
      add();
      [last, run] = [key, 0];
    }
    run++;
  }
  add();
  return [...counts]
    .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
    .map(([key, n]) => ({ process: Math.floor(key / DEVICES), device: key % DEVICES, n }));
}
