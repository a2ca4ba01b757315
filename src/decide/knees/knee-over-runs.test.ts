import { describe, expect, test } from 'vitest';
import { kneeOverRuns } from './knee-over-runs.ts';
import { throughputAt } from './usl.ts';
import { uslOverRuns } from './usl-over-runs.ts';

/** The tables of the second brief: Qwen 1.5B on two H200. */
const CONCURRENCY = {
  settings: [1, 16, 32, 64, 128, 256, 512, 1024, 2048, 4196],
  runs: [[365.43, 5941.8, 10898.08, 18745.13, 29088.76, 40503.24, 47490.86, 50148.57, 51166.16, 51551.06]],
};
const BATCH = { settings: [16, 64, 256, 512, 2048], runs: [[2520.57, 8927.5, 25579.36, 38077.25, 38248.7]] };
const USL = { gamma: 400, alpha: 0.006, beta: 4e-7 };
const LOADS = [1, 4, 16, 64, 256, 1024, 4096];
const noisy = (shifts: readonly number[], spread: number) => ({
  settings: LOADS,
  runs: shifts.map((shift, r) => LOADS.map((load, i) => throughputAt(USL, load) * (1 + shift + spread * Math.sin(7 * r + 3 * i)))),
});

describe('a knee over runs', () => {
  test('is 512 in both tables of the brief, without an interval', () => {
    for (const table of [CONCURRENCY, BATCH]) expect(kneeOverRuns(table)).toEqual({ knee: 512, interval: undefined, why: undefined });
  });
  test('has an interval of settings where runs are repeated', () => {
    const found = kneeOverRuns(noisy([0.01, -0.02, 0], 0.01));
    expect(found).toMatchObject({ knee: 1024, why: undefined });
    expect(found.interval).toEqual([1024, 1024]);
  });
  test('is not named where noise could as well have drawn it', () =>
    expect(kneeOverRuns(noisy([0, 0], 0.5))).toMatchObject({ knee: undefined, why: 'noise' }));
  test('is not named while most of the load that is added still comes out', () =>
    expect(kneeOverRuns({ settings: [1, 2, 4, 8], runs: [[1, 2, 3.8, 5.6]] })).toMatchObject({ knee: undefined }));
  test('is not named where the curve is straight, or too short', () => {
    expect(kneeOverRuns({ settings: [1, 2, 4, 8], runs: [[1, 2, 4, 8]] }).why).toBe('straight');
    expect(kneeOverRuns({ settings: [1, 2], runs: [[1, 2]] }).why).toBe('few-settings');
  });
});

describe('the law over runs', () => {
  test('has the parameters that scipy 1.17 finds in the tables', () => {
    const [concurrency, batch] = [uslOverRuns(CONCURRENCY), uslOverRuns(BATCH)];
    expect(concurrency?.fit.gamma).toBeCloseTo(449.6, 1);
    expect(concurrency?.peak).toBeCloseTo(2029.8, 1);
    expect(batch?.fit.gamma).toBeCloseTo(143.4, 1);
    expect(batch?.peak).toBeCloseTo(1039.35, 1);
    expect(batch?.intervals).toBeUndefined();
  });
  test('has intervals over runs that hold the truth', () => {
    const found = uslOverRuns(noisy([0.01, -0.02, 0, 0.015, -0.01], 0.01));
    const [low, high] = found?.intervals?.peak ?? [];
    expect(low).toBeLessThan(1576);
    expect(high ?? Number.POSITIVE_INFINITY).toBeGreaterThan(1576);
    expect(found?.intervals?.gamma[0]).toBeLessThan(400);
    expect(found?.intervals?.gamma[1]).toBeGreaterThan(400);
  });
  test('has no upper end of its peak where the runs show none', () => {
    const flat = {
      settings: LOADS,
      runs: [0.01, -0.01, 0.02].map((s, r) => LOADS.map((n, i) => (400 * n * (1 + s + 0.02 * Math.cos(5 * r + i))) / (1 + 0.01 * (n - 1)))),
    };
    expect(uslOverRuns(flat)?.intervals?.peak[1]).toBeNull();
  });
});
