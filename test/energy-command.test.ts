import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Energy, EnergyRuns } from '#schema/energy';
import { Load } from '#schema/load';
import { SamplerSummary } from '#schema/monitor';
import { Report } from '#schema/report';
import { failureOf, runCli } from './run-cli.ts';

const PATIENCE = 120_000;
/** A capture of an H200: 3.4 s of load, GPU samples every 104 ms whose stamps are UTC and do not say so. */
const CASE = 'fixtures/clock-throttle';
const FILES = [`${CASE}/gpu.csv`, `${CASE}/requests.jsonl`];
const out = mkdtempSync(join(tmpdir(), 'energy '));
/** The samples without the case that says in which zone they were taken. */
const ALONE = join(out, 'gpu.csv');
cpSync(`${CASE}/gpu.csv`, ALONE);

/** Epoch ns; JSON.parse would round it. */
const firstArrival = (): bigint => {
  const [, ns = '0'] = /"arrival_ns": ?(\d+)/.exec(readFileSync(`${CASE}/requests.jsonl`, 'utf8')) ?? [];
  return BigInt(ns);
};

afterAll(() => rmSync(out, { recursive: true, force: true }));

describe('forensics energy', () => {
  test('prints what a run took, and its cost, with what is known of each file on stderr', async () => {
    const { code, stdout, stderr } = await runCli(['energy', ...FILES, '--zone-hours', '0', '--kwh-usd', '0.16', '--pue', '1.3']);
    expect(code).toBe(0);
    // By a second program (Python, trapezoids over power.draw.instant between the first arrival and the last end): 1892.57 J in 3.385 s.
    expect(stdout).toContain('Energy of 3.4 s (the load test, as timed in requests.jsonl): 1,811 output tokens, 535.0 a second');
    expect(stdout).toContain('GPUs: 559.1 W over time');
    expect(stdout).toContain('0.9569 tok/J; 1M tokens cost $0.060 ($0.060 for electricity at a PUE of 1.3)');
    expect(stderr).toContain('gpu.csv: ');
  });
  test('prints JSON alone, of the report’s own schema', async () => {
    const { stdout } = await runCli(['energy', CASE.concat('/gpu.csv'), '--window', '1..3', '--json']);
    expect(Energy.parse(JSON.parse(stdout)).window.length_s).toBe(2);
  });
  test.each([
    ['files that cannot be laid over one another', [ALONE, `${CASE}/requests.jsonl`], 'no time zone'],
    ['a file that is none', [`${CASE}/nowhere.csv`], 'does not exist'],
  ])('%s: one sentence and a hint', async (_, args, words) =>
    expect(failureOf(await runCli(['energy', ...args])).sentence).toContain(words),
  );
});

describe('forensics energy of a sweep', () => {
  /** A real load.json of two stages, laid over the capture's load; the first arrival of which is this. */
  const ARRIVAL = firstArrival();
  const sweep = (name: string, ...starts_s: readonly number[]): string => {
    const load = Load.parse(JSON.parse(readFileSync('src/input/formats/forensics-load/sample.json', 'utf8')));
    const at = (s: number) => String(ARRIVAL + BigInt(Math.round(s * 1e9)));
    const stages = load.stages.map((stage, i) => ({ ...stage, start_ns: at(starts_s[i] ?? 0), end_ns: at((starts_s[i] ?? 0) + 1.5) }));
    const file = join(out, name);
    writeFileSync(file, JSON.stringify({ ...load, stages }));
    return file;
  };
  const args = (file: string) => ['energy', `${CASE}/gpu.csv`, file, '--zone-hours', '0', '--kwh-usd', '0.16'];

  test('prints an account of each stage, and what holds for all of them once', async () => {
    const { code, stdout } = await runCli(args(sweep('load.json', 0, 1.5)));
    expect(code).toBe(0);
    const [first, second, common] = stdout.split('\n\n');
    expect(first).toMatch(/^load\.json, run 1 of 2 \(concurrency 1\)\n {2}Energy of 1\.5 s .*\n {2}GPUs: /);
    expect(second).toMatch(/^load\.json, run 2 of 2 \(concurrency 4\)\n {2}Energy of 1\.5 s .*336 output tokens/);
    expect(common).toBe('Power is that of the GPUs alone: processors, memory, network and fans come on top.\n');
  });
  test('prints JSON of its own schema; a stage without power says why', async () => {
    const { code, stdout } = await runCli([...args(sweep('late.json', 0, 900)), '--json']);
    expect(code).toBe(0);
    const { runs } = EnergyRuns.parse(JSON.parse(stdout));
    expect(runs.map(r => [r.file, r.run, r.concurrency, r.why_none])).toEqual([
      ['late.json', 1, 1, null],
      ['late.json', 2, 4, 'no power was read inside the window'],
    ]);
    expect(runs[0]?.energy?.totals[0]).toMatchObject({ level: 'gpu', valid: true });
    expect(runs[0]?.energy?.window.length_s).toBeCloseTo(1.5, 6);
  });
  test('one window for several runs: one sentence and a hint', async () =>
    expect(failureOf(await runCli([...args(sweep('both.json', 0, 1.5)), '--window', '1..3'])).sentence).toContain('there are 2 runs'));
});

test(
  'forensics analyze prices the load test of a capture',
  async () => {
    const { stdout } = await runCli(['analyze', CASE, '--json', '--out', out, '--gpu-hour-usd', '3.6', '--requests', FILES[1] ?? '']);
    const { energy } = Report.parse(JSON.parse(stdout));
    expect(energy?.tokens).toMatchObject({ which: 'output', count: 1811 });
    expect(energy?.totals[0]).toMatchObject({ level: 'gpu', valid: true, cost: { gpus: 1, gpu_hour_usd: 3.6 } });
    expect(energy?.totals[0]?.energy_j).toBeCloseTo(1892.57, 1);
    expect(energy?.totals[0]?.cost?.usd_per_million_tokens).toBeCloseTo(1000 / 535.003, 3);
  },
  PATIENCE,
);

describe('the zone of GPU samples that forensics recorded', () => {
  const RECORDED = 'fixtures/clock-throttle';
  const files = (folder: string) => [`${folder}/gpu.csv`, `${RECORDED}/requests.jsonl`];
  test('is in the case beside them', async () => {
    const told = await runCli(['energy', ...files(RECORDED), '--zone-hours', '0', '--json']);
    expect(told.code).toBe(0);
    expect((await runCli(['energy', ...files(RECORDED), '--json'])).stdout).toBe(told.stdout);
  });
  test.each([
    ['is in the record of a monitor', 'gpu.csv', 'no power was read inside the window'],
    ['is not known from a record of other files', 'other.csv', 'no time zone'],
  ])('%s', async (_, file, words) => {
    const folder = mkdtempSync(join(out, 'monitor-'));
    const { samplers } = z.object({ samplers: z.array(SamplerSummary) }).parse(JSON.parse(readFileSync(`${RECORDED}/case.json`, 'utf8')));
    cpSync(`${RECORDED}/gpu.csv`, join(folder, 'gpu.csv'));
    const moved = samplers.map(s => (s.sampler === 'gpu' ? { ...s, file, zone_hours: 2 } : s));
    writeFileSync(join(folder, 'monitor.json'), JSON.stringify({ samplers: moved }));
    const { stdout, stderr } = await runCli(['energy', ...files(folder)]);
    expect(stdout + stderr).toContain(words);
  });
});
