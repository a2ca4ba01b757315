import { intAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { TraceSource } from '#trace/source';

/** Hands out consecutive numbers for pairs of numbers. */
export function pairNumbers(): (a: number, b: number) => number {
  const outer = new Map<number, Map<number, number>>();
  let next = 0;
  return (a, b) =>
    getOrCompute(
      getOrCompute(outer, a, () => new Map<number, number>()),
      b,
      () => next++,
    );
}

interface DeviceNumbers {
  readonly labels: string[];
  readonly of: (globalPid: number, deviceId: number) => number;
}

/** The number to take for a GPU that the trace numbers twice: one UUID is one GPU. */
function oneNumberEach(source: Pick<TraceSource, 'missing' | 'ask'>): (gpu: number) => number {
  const answer = source.missing('gpu') === undefined ? source.ask('gpu_double') : undefined;
  const rows = answer?.ok ? answer.rows.filter(r => r.by === 'uuid') : [];
  // Lowest first: of three numbers the second and the third both become the first.
  const lower = new Map(rows.toReversed().map(r => [r.other_gpu_id, r.gpu_id]));
  return gpu => lower.get(gpu) ?? gpu;
}

/** Maps what each process calls device 0, 1, … to physical GPUs, where the trace says which is which. */
export function deviceNumbers(source: Pick<TraceSource, 'missing' | 'ask' | 'scan' | 'pidOf'>): DeviceNumbers {
  const one = oneNumberEach(source);
  const map = source.missing('cuda_device') === undefined ? source.scan('cuda_device', ['gpu_id', 'device_id', 'pid']) : undefined;
  const physical = new Map<string, number>();
  for (let i = 0; i < (map?.n ?? 0); i++) physical.set(`${map?.pid[i]}:${map?.device_id[i]}`, intAt(map?.gpu_id, i));
  const labels: string[] = [];
  const numbers = new Map<number, number>();
  const known = new Map<number, Map<number, number>>();
  const of = (globalPid: number, deviceId: number) =>
    getOrCompute(
      getOrCompute(known, globalPid, () => new Map<number, number>()),
      deviceId,
      () => {
        const gpu = one(physical.get(`${source.pidOf(globalPid)}:${deviceId}`) ?? deviceId);
        return getOrCompute(numbers, gpu, () => labels.push(`GPU ${gpu}`) - 1);
      },
    );
  return { labels, of };
}
