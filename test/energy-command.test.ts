import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Energy } from '#model/energy';
import { Report } from '#model/report';
import { assertBuilt, failureOf, runCli } from './run-cli.ts';

const PATIENCE = 120_000;
/** A capture of an H200: 3.4 s of load, GPU samples every 104 ms whose stamps are UTC and do not say so. */
const CASE = 'fixtures/clock-throttle';
const FILES = [`${CASE}/gpu.csv`, `${CASE}/requests.jsonl`];
const out = mkdtempSync(join(tmpdir(), 'energy '));

beforeAll(assertBuilt, PATIENCE);
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe('forensics energy', () => {
  test('prints what a run took, and its cost, with what is known of each file on stderr', () => {
    const { code, stdout, stderr } = runCli(['energy', ...FILES, '--zone-hours', '0', '--kwh-usd', '0.16', '--pue', '1.3']);
    expect(code).toBe(0);
    // By a second program (Python, trapezoids over power.draw.instant between the first arrival and the last end): 1892.57 J in 3.385 s.
    expect(stdout).toContain('Energy of 3.4 s (the load test, as timed in requests.jsonl): 1,811 output tokens, 535.0 a second');
    expect(stdout).toContain('GPUs: 559.1 W over time');
    expect(stdout).toContain('0.9569 tok/J; 1M tokens cost $0.060 ($0.060 for electricity at a PUE of 1.3)');
    expect(stderr).toContain('gpu.csv: ');
  });
  test('prints JSON alone, of the report’s own schema', () => {
    const { stdout } = runCli(['energy', CASE.concat('/gpu.csv'), '--window', '1..3', '--json']);
    expect(Energy.parse(JSON.parse(stdout)).window.length_s).toBe(2);
  });
  test.each([
    ['files that cannot be laid over one another', FILES, 'no time zone'],
    ['a folder', [CASE], 'is not a file'],
  ])('%s: one sentence and a hint', (_, args, words) => expect(failureOf(runCli(['energy', ...args])).sentence).toContain(words));
});

test(
  'forensics analyze prices the load test of a capture',
  () => {
    const { stdout } = runCli(['analyze', CASE, '--json', '--out', out, '--gpu-hour-usd', '3.6', '--requests', FILES[1] ?? '']);
    const { energy } = Report.parse(JSON.parse(stdout));
    expect(energy?.tokens).toMatchObject({ which: 'output', count: 1811 });
    expect(energy?.totals[0]).toMatchObject({ level: 'gpu', valid: true, cost: { gpus: 1, gpu_hour_usd: 3.6 } });
    expect(energy?.totals[0]?.energy_j).toBeCloseTo(1892.57, 1);
    expect(energy?.totals[0]?.cost?.usd_per_million_tokens).toBeCloseTo(1000 / 535.003, 3);
  },
  PATIENCE,
);
