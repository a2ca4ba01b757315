import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DeviceSummary } from '#schema/report';
import { deviceBins, summariseDevices } from '#trace/devices/device-summary';
import { readDependencies } from '#trace/events/dependencies';
import { readGpuOps } from '#trace/events/gpu-ops';
import { readHostCalls } from '#trace/events/host-calls';
import { TraceStore } from '#trace/nsys/trace-store';

/** Traces that are not in the repository: other people's (public-traces) and our own at full length (captures). */
const SHARED = resolve(import.meta.dirname, '../../shared');
const PUBLIC = resolve(SHARED, 'public-traces');
const CAPTURES = resolve(SHARED, 'captures');
const missing = [PUBLIC, CAPTURES].filter(folder => !existsSync(folder));
if (missing.length > 0) {
  // biome-ignore lint/suspicious/noConsole: a run that checked nothing must say so.
  console.warn(`SKIPPED: the reference traces are not here, so nothing was checked against them: ${missing.join(', ')}`);
}

const traces = [
  ...(existsSync(PUBLIC)
    ? readdirSync(PUBLIC)
        .filter(f => f.endsWith('.sqlite.gz'))
        .map(f => resolve(PUBLIC, f))
    : []),
  ...(existsSync(CAPTURES)
    ? readdirSync(CAPTURES)
        .map(f => resolve(CAPTURES, f, 'trace.sqlite.gz'))
        .filter(existsSync)
    : []),
];

/** What every device did between the first and the last GPU operation of the whole trace. */
async function devicesOf(path: string) {
  const store = await TraceStore.open(path);
  try {
    const ops = readGpuOps(store);
    const host = readHostCalls(store);
    const from = ops.start[0] ?? 0;
    const to = ops.end.reduce((a, b) => Math.max(a, b), from);
    const dependencies = readDependencies(store, ops, host);
    const devices = summariseDevices({ ops, host, dependencies, inFlight: undefined, from, to, names: new Map() });
    return { window: (to - from) / 1e6, devices, bins: deviceBins(ops, from, to, 240), resolves: dependencies !== undefined };
  } finally {
    store.close();
  }
}
const publicTrace = (name: string) => devicesOf(resolve(PUBLIC, `${name}.sqlite.gz`));
const capture = (name: string) => devicesOf(resolve(CAPTURES, name, 'trace.sqlite.gz'));

describe.skipIf(missing.length > 0)('reference traces', () => {
  test('all are here', () => expect(traces.length).toBeGreaterThanOrEqual(15));

  test.each(traces.map(path => [path.slice(SHARED.length + 1), path]))(
    '%s: the sums come out',
    async (_, path) => {
      const { window, devices, bins } = await devicesOf(path);
      expect(devices.length).toBeGreaterThan(0);
      expect(bins.length).toBe(devices.length * 240 * 4);
      for (const device of devices) {
        DeviceSummary.parse(device);
        expect(device.busy_ms + device.idle_ms).toBeCloseTo(window, 6);
        expect(Object.values(device.gaps).reduce((sum, g) => sum + g.upper_ms, 0)).toBeLessThanOrEqual(device.idle_ms + 1e-6);
        expect(device.exposed_communication_ms + device.exposed_copy_ms).toBeLessThanOrEqual(device.busy_ms + 1e-6);
      }
    },
    120_000,
  );

  test('h100_2gpu_1s: 0.7 % idle, but compute is absent 97.7 % of the time, because copies keep it busy', async () => {
    const { window, devices } = await publicTrace('h100_2gpu_1s');
    expect(
      devices.map(d => [d.device, ((100 * d.idle_ms) / window).toFixed(1), ((100 * d.compute_absent_ms) / window).toFixed(1)]),
    ).toEqual([
      ['GPU 0', '0.7', '97.7'],
      ['GPU 1', '0.7', '97.7'],
    ]);
    // Launches of half of its work were cut away, and no event was recorded: said, not guessed.
    expect(devices.every(d => d.gaps.unknown.count > 1000 && d.gaps.blocking.count === 0)).toBe(true);
  });

  test('pipe: the GPU of each stage waits for copies from the other one', async () => {
    const { devices, resolves } = await capture('pipe');
    expect(resolves).toBe(true);
    for (const d of devices) {
      expect(d.gaps.blocking.upper_ms).toBeGreaterThan(10);
      expect(d.gaps['dependency-stalled'].upper_ms).toBeLessThan(d.gaps.blocking.upper_ms);
      expect(d.exposed_copy_ms).toBeLessThan(d.copy_ms / 2);
    }
  });

  test('cudnn_plan: the host starves the GPU, which is busy about 15 % of the time', async () => {
    const { window, devices } = await capture('cudnn_plan');
    const [gpu] = devices;
    expect(((gpu?.busy_ms ?? 0) / window) * 100).toBeCloseTo(16, 0);
    expect(gpu?.gaps.starved.lower_ms ?? 0).toBeGreaterThan(0.99 * (gpu?.idle_ms ?? 0));
  });

  test('perlmutter-cloverleaf-cuda has no ids of event records, so no wait is resolved', async () =>
    expect((await publicTrace('perlmutter-cloverleaf-cuda')).resolves).toBe(false));
});
