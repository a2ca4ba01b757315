import { expect } from 'vitest';
import { DeviceSummary } from '#schema/report';
import { deviceBins, summariseDevices } from '#trace/devices/device-summary';
import { readDependencies } from '#trace/events/dependencies';
import { type GpuOps, readGpuOps } from '#trace/events/gpu-ops';
import { type HostCalls, readHostCalls } from '#trace/events/host-calls';
import { TraceStore } from '#trace/nsys/trace-store';

const [BINS, STATES] = [240, 4];

/** What every device did between the first and the last GPU operation of a whole trace; `window` in ms. Its sums are checked. */
export function devicesIn(store: TraceStore, ops: GpuOps, host: HostCalls) {
  const from = ops.start[0]!;
  const to = ops.end.reduce((a, b) => Math.max(a, b), from);
  const dependencies = readDependencies(store, ops, host);
  const devices = summariseDevices({ ops, host, dependencies, inFlight: undefined, isWhole: true, from, to, names: new Map() });
  const window = (to - from) / 1e6;
  expect(devices.length).toBeGreaterThan(0);
  expect(deviceBins(ops, from, to, BINS)).toHaveLength(devices.length * BINS * STATES);
  for (const device of devices) {
    DeviceSummary.parse(device);
    expect(device.busy_ms + device.idle_ms).toBeCloseTo(window, 6);
    expect(Object.values(device.gaps).reduce((sum, g) => sum + g.upper_ms, 0)).toBeLessThanOrEqual(device.idle_ms + 1e-6);
    expect(device.exposed_communication_ms + device.exposed_copy_ms).toBeLessThanOrEqual(device.busy_ms + 1e-6);
  }
  return { window, devices, resolves: dependencies !== undefined };
}

/** The same of a file. */
export async function devicesOf(path: string) {
  const store = await TraceStore.open(path);
  try {
    return devicesIn(store, readGpuOps(store), readHostCalls(store));
  } finally {
    store.close();
  }
}
