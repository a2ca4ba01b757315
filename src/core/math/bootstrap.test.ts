import { randomLcg, randomNormal } from 'd3-random';
import { describe, expect, test } from 'vitest';
import { bootstrapMean, bootstrapQuantile, drawBlocks } from './bootstrap.ts';
import { percentile } from './percentiles.ts';

function autoregression(n: number, rho: number, seed: number): Float64Array {
  const noise = randomNormal.source(randomLcg(seed * 15_485_863 + 1))();
  let x = 0;
  for (let i = 0; i < 100; i++) x = rho * x + noise();
  return Float64Array.from({ length: n }, () => {
    x = rho * x + noise();
    return x;
  });
}

describe('a resample of the stationary bootstrap', () => {
  const drawn = new Uint32Array(100_000);
  drawBlocks(drawn, 8, randomLcg(1));
  test('goes on to the next value in all but one of b steps (Politis & Romano 1994)', () => {
    let joins = 0;
    for (let i = 1; i < drawn.length; i++) if (drawn[i] === ((drawn[i - 1] ?? 0) + 1) % drawn.length) joins++;
    expect(joins / drawn.length).toBeCloseTo(1 - 1 / 8, 2);
  });
  test('with blocks of one is the plain bootstrap', () => {
    const alone = new Uint32Array(100_000);
    drawBlocks(alone, 1, randomLcg(1));
    let joins = 0;
    for (let i = 1; i < alone.length; i++) if (alone[i] === (alone[i - 1] ?? 0) + 1) joins++;
    expect(joins).toBeLessThan(20);
  });
});

describe('the interval of a mean', () => {
  test('of independent values is that of the central limit theorem', () => {
    const values = autoregression(1000, 0, 3);
    const { low = 0, high = 0 } = bootstrapMean(values, { blockLength: 1, resamples: 4999 }) ?? {};
    const sum = values.reduce((a, b) => a + b, 0);
    const variance = values.reduce((a, v) => a + (v - sum / 1000) ** 2, 0) / 999;
    expect((high - low) / (2 * 1.96 * Math.sqrt(variance / 1000))).toBeCloseTo(1, 1);
  });
  test('of dependent values covers the truth where the plain bootstrap does not', () => {
    const covers = (blockLength?: number) =>
      Array.from({ length: 60 }, (_, seed) => {
        const options = { resamples: 199, ...(blockLength === undefined ? {} : { blockLength }) };
        const { low = 1, high = 0 } = bootstrapMean(autoregression(600, 0.8, seed + 1), options) ?? {};
        return low <= 0 && 0 <= high;
      }).filter(Boolean).length / 60;
    // Var of the mean is (1+rho)/(1-rho) = 9 times that of independent values: the plain interval is three times too short.
    expect(covers(1)).toBeLessThan(0.7);
    expect(covers()).toBeGreaterThan(0.8);
  });
});

describe('the interval of a quantile', () => {
  const values = autoregression(2000, 0.9, 5);
  const found = bootstrapQuantile(values, 0.99);
  test('holds the quantile, is made of values that occurred, and says what it rests on', () => {
    const p99 = percentile(values.toSorted(), 0.99);
    expect(found?.low).toBeLessThanOrEqual(p99);
    expect(found?.high).toBeGreaterThanOrEqual(p99);
    expect(values).toContain(found?.low);
    expect(found).toMatchObject({ level: 0.95, resamples: 999, seed: 20_261_122 });
  });
  test('agrees with sorting every resample', () => {
    const few = values.slice(0, 300);
    const random = randomLcg(9);
    const drawn = new Uint32Array(300);
    const sorted = Float64Array.from({ length: 199 }, () => {
      drawBlocks(drawn, 5, random);
      return percentile(Float64Array.from(drawn, i => few[i] ?? 0).sort(), 0.9);
    }).sort();
    expect(bootstrapQuantile(few, 0.9, { seed: 9, resamples: 199, blockLength: 5 })).toMatchObject({
      low: percentile(sorted, 0.025),
      high: percentile(sorted, 0.975),
    });
  });
  test('is wider than for independent values', () => {
    const alone = bootstrapQuantile(values, 0.9, { blockLength: 1 });
    const blocks = bootstrapQuantile(values, 0.9);
    expect(blocks!.high - blocks!.low).toBeGreaterThan(1.5 * (alone!.high - alone!.low));
  });
  test('is none of a handful', () => expect(bootstrapQuantile([1, 2, 3], 0.99)).toBeUndefined());
});
