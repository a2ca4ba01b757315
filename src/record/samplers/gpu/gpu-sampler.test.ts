import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import nvidiaSmiCsv from '#input/formats/nvidia-smi-csv/importer';
import { SamplerSummary } from '#schema/monitor';
import { type Manners, pretendNvidiaSmi } from '#test/pretend-nvidia-smi';
import { gpuSampler } from './gpu-sampler.ts';

const root = mkdtempSync(join(tmpdir(), 'gpu-sampler-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let cases = 0;

function setUp(manners: Manners = {}, patienceSeconds = 20) {
  const folder = join(root, `case-${cases++}`);
  mkdirSync(folder);
  const told: string[] = [];
  const env = pretendNvidiaSmi(join(folder, 'bin'), manners);
  const out = join(folder, 'out');
  mkdirSync(out);
  const sampler = gpuSampler({ intervalMs: 50, env, tell: sentence => told.push(sentence), patienceSeconds });
  return { sampler, out, told, bin: join(folder, 'bin') };
}

describe('the GPU sampler', () => {
  test('writes what the importer reads, in UTC, and says what came of it', async () => {
    const { sampler, out, bin } = setUp();
    expect(await sampler.start(out)).toEqual({ sampling: true });
    expect(sampler.running()).toBe(true);
    // An interval needs two samples, however slow the machine is.
    await expect.poll(() => readFileSync(join(out, 'gpu.csv'), 'utf8').split('\n').length, { timeout: 20_000 }).toBeGreaterThan(5);
    const summary = await sampler.stop();
    expect(sampler.running()).toBe(false);
    expect(SamplerSummary.safeParse(summary).error).toBeUndefined();
    const series = nvidiaSmiCsv.parse(readFileSync(join(out, 'gpu.csv'), 'utf8'), 'gpu.csv');
    expect(summary).toMatchObject({ sampler: 'gpu', file: 'gpu.csv', zone_hours: 0, interval_asked_ms: 50 });
    expect(Math.abs(series.rows.length - summary.samples)).toBeLessThanOrEqual(1);
    expect(series.rows.at(0)).toMatchObject({ gpu: 0, name: 'NVIDIA H200', power_w: 412.34, event_reasons: 4 });
    expect(series.origin_ns - BigInt(summary.start.epoch_ns)).toBeLessThan(20_000_000_000n);
    expect(series.origin_ns).toBeGreaterThan(BigInt(summary.start.epoch_ns) - 1_000_000_000n);
    expect(summary.interval_median_ms).toBeGreaterThan(0);
    expect(readdirSync(out)).toEqual(['gpu.csv']);
    expect(readFileSync(join(bin, 'asked'), 'utf8')).not.toMatch(/uuid|serial/);
  });

  test('goes on without a field that is listed but refused, and says so', async () => {
    const { sampler, out, told } = setUp({ PRETEND_REFUSED: 'temperature.gpu,clocks_event_reasons_counters.sw_power_cap' });
    expect(await sampler.start(out)).toEqual({ sampling: true });
    await sampler.stop();
    const text = readFileSync(join(out, 'gpu.csv'), 'utf8');
    expect(text).toMatch(/^timestamp, index, name, power.draw.instant \[W\]/);
    expect(text).not.toContain('temperature.gpu');
    expect(told[0]).toMatch(/^this driver does not offer .*temperature\.gpu.*sw_power_cap/);
  });

  test('keeps what was written when nvidia-smi dies, and says so at once', async () => {
    const { sampler, out, told } = setUp({ PRETEND_LOOPS: '4' });
    expect(await sampler.start(out)).toEqual({ sampling: true });
    while (sampler.running()) await sleep(20);
    await sleep(20);
    expect(told.at(-1)).toBe('nvidia-smi ended on its own (exit code 15): no GPU samples from then on');
    const summary = await sampler.stop();
    expect(summary).toMatchObject({ file: 'gpu.csv', samples: 8 });
    expect(summary.missing.filter(m => m.includes('before the end'))).toEqual([]);
  });

  test.each([
    [{ PRETEND_BROKEN: 'No devices were found' }, 'nvidia-smi says "No devices were found": no GPU samples'],
    [{ PRETEND_REFUSED: 'timestamp' }, 'nvidia-smi says "Field \\"timestamp\\" is not a valid field to query.": no GPU samples'],
  ])('leaves no file where there is no sample (%j)', async (manners, why) => {
    const { sampler, out } = setUp(manners);
    expect(await sampler.start(out)).toEqual({ sampling: false, why });
    expect(await sampler.stop()).toMatchObject({ file: null, samples: 0, missing: [why] });
    expect(readdirSync(out)).toEqual([]);
  });

  test('is no failure where there is no nvidia-smi', async () => {
    const { out } = setUp();
    const sampler = gpuSampler({ intervalMs: 100, env: { PATH: out }, tell: () => {} });
    const why = 'nvidia-smi is not on PATH: no GPU samples';
    expect(await sampler.start(out)).toEqual({ sampling: false, why });
    expect(await sampler.stop()).toMatchObject({ file: null, missing: [why] });
    expect(readdirSync(out)).toEqual([]);
  });

  test('gives up on one that gives no sample in time', async () => {
    const { sampler, out } = setUp({ PRETEND_SLOW: '60' }, 0.5);
    expect(await sampler.start(out)).toEqual({ sampling: false, why: 'nvidia-smi gave no sample within 0.5 s: no GPU samples' });
    expect(readdirSync(out)).toEqual([]);
  });

  test('can be stopped in the middle of its start', async () => {
    const { sampler, out } = setUp({ PRETEND_SLOW: '60' });
    const starting = sampler.start(out);
    await sleep(100);
    expect(await sampler.stop()).toMatchObject({ file: null, samples: 0 });
    expect((await starting).sampling).toBe(false);
    expect(readdirSync(out)).toEqual([]);
  });

  test('says when the samples stopped long before its end', async () => {
    const { sampler, out } = setUp({ PRETEND_LOOPS: '1', PRETEND_HANGS: 'yes' });
    await sampler.start(out);
    await sleep(2_300);
    const { samples, missing } = await sampler.stop();
    expect(samples).toBe(2);
    expect(missing.at(-1)).toMatch(/^the last GPU sample is [\d.]+ s before the end: the disk is full, or nvidia-smi hangs$/);
  });

  test('says that nothing came when the disk is full', async () => {
    const { sampler, out } = setUp({}, 0.5);
    symlinkSync('/dev/full', join(out, 'gpu.csv'));
    expect((await sampler.start(out)).sampling).toBe(false);
    expect((await sampler.stop()).samples).toBe(0);
  });
});
