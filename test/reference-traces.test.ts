import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { devicesOf } from './device-sums.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

/** Traces that are not in the repository: other people's (public-traces) and our own at full length (captures). */
const PUBLIC = resolve(SHARED, 'public-traces');
const CAPTURES = resolve(SHARED, 'captures');
const isHere = [PUBLIC, CAPTURES].every(existsSync);
sayWhatIsMissing('known figures of reference traces were', PUBLIC, CAPTURES);

const tracesIn = () => [
  ...readdirSync(PUBLIC).filter(f => f.endsWith('.sqlite.gz')),
  ...readdirSync(CAPTURES).filter(f => existsSync(resolve(CAPTURES, f, 'trace.sqlite.gz'))),
];
const publicTrace = (name: string) => devicesOf(resolve(PUBLIC, `${name}.sqlite.gz`));
const capture = (name: string) => devicesOf(resolve(CAPTURES, name, 'trace.sqlite.gz'));

// The sums of all others are looked at where they are read anyway: captures.test.ts, collectives-captures.test.ts.
describe.skipIf(!isHere)('reference traces', () => {
  test('all are here', () => expect(tracesIn()).toHaveLength(15));

  test('phys: the sums come out', async () => expect((await capture('phys')).devices).toHaveLength(2));

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
    const gpu = devices[0]!;
    expect((gpu.busy_ms / window) * 100).toBeCloseTo(16, 0);
    expect(gpu.gaps.starved.lower_ms).toBeGreaterThan(0.99 * gpu.idle_ms);
  });

  test('perlmutter-cloverleaf-cuda has no ids of event records, so no wait is resolved', async () =>
    expect((await publicTrace('perlmutter-cloverleaf-cuda')).resolves).toBe(false));
});
