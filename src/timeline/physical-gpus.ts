import type { TraceStore } from '#store/trace-store';

/** How GpuOps.devices names a physical GPU, by the number that the trace gives it. */
export const gpuLabel = (gpu: number): string => `GPU ${gpu}`;

/** Labels the physical GPU that a process means by its CUDA device number; where the trace does not say, the number itself is believed. */
export function physicalGpus(store: TraceStore): (globalPid: number, deviceId: number) => string {
  const map = store.missing('cuda_device') === undefined ? store.scan('cuda_device', ['gpu_id', 'device_id', 'pid']) : undefined;
  const physical = new Map<string, number>();
  for (let i = 0; i < (map?.n ?? 0); i++) physical.set(`${map?.pid[i]}:${map?.device_id[i]}`, map?.gpu_id[i] ?? 0);
  return (globalPid, deviceId) => gpuLabel(physical.get(`${Math.floor(globalPid / 2 ** 24) % 2 ** 24}:${deviceId}`) ?? deviceId);
}
