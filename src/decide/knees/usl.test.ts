import { describe, expect, test } from 'vitest';
import { fitUsl, fitUslFreely, peakOf, throughputAt } from './usl.ts';

/** SPEC SDM91 as the R package `usl` ships it, with the fit that it documents. */
const SDM91 = { loads: [1, 18, 36, 72, 108, 144, 216], values: [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2] };
const curve = (usl: Parameters<typeof throughputAt>[0], loads: readonly number[]) => loads.map(load => throughputAt(usl, load));
const DOUBLING = [1, 2, 4, 8, 16, 32, 64, 128];

describe('the universal scalability law', () => {
  test('is fitted as the R package usl documents it', () => {
    const fit = fitUsl(SDM91.loads, SDM91.values);
    expect(fit?.gamma).toBeCloseTo(89.9952, 3);
    expect(fit?.alpha).toBeCloseTo(0.0277285, 6);
    expect(fit?.beta).toBeCloseTo(0.0001044, 7);
    expect(fit && peakOf(fit)).toBeCloseTo(96.5, 1);
  });
  test.each([
    [{ gamma: 100, alpha: 0.05, beta: 0.001 }],
    [{ gamma: 3e-4, alpha: 0.2, beta: 0 }],
    [{ gamma: 40_000, alpha: 0, beta: 1e-7 }],
    [{ gamma: 7, alpha: 0, beta: 0 }],
  ])('is found again in its own curve: %j', usl => {
    const fit = fitUsl(DOUBLING, curve(usl, DOUBLING));
    expect((fit?.gamma ?? 0) / usl.gamma).toBeCloseTo(1, 6);
    expect(fit?.alpha).toBeCloseTo(usl.alpha, 6);
    expect(fit?.beta).toBeCloseTo(usl.beta, 8);
  });
  test('has no contention below 0 where throughput more than keeps up, unless it is let go', () => {
    const values = curve({ gamma: 10, alpha: -0.002, beta: 1e-4 }, DOUBLING);
    expect(fitUsl(DOUBLING, values)).toMatchObject({ alpha: 0 });
    expect(fitUslFreely(DOUBLING, values)?.alpha).toBeCloseTo(-0.002, 6);
  });
  test('has no peak where throughput never turns', () => {
    expect(peakOf({ gamma: 1, alpha: 0.1, beta: 0 })).toBeUndefined();
    expect(peakOf({ gamma: 1, alpha: 0.1, beta: 0.001 })).toBeCloseTo(30, 6);
  });
  test.each([
    ['three loads', [1, 2, 4], [1, 2, 3]],
    ['four of which two are the same', [1, 2, 2, 4], [1, 2, 2, 3]],
    ['a throughput of 0', [1, 2, 4, 8], [1, 2, 0, 3]],
    ['a load of 0', [0, 2, 4, 8], [1, 2, 3, 3]],
  ])('is not fitted through %s', (_, loads, values) => expect(fitUsl(loads, values)).toBeUndefined());
});
