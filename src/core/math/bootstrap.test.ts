import { randomLcg, randomNormal } from 'd3-random';
import { describe, expect, test } from 'vitest';
import { bootstrapClusterQuantile, bootstrapMean, drawBlocks } from './bootstrap.ts';
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

describe('the interval of a quantile of clusters', () => {
  const each = Uint32Array.from({ length: 500 }, (_, i) => i);
  const values = autoregression(500, 0, 5);
  test('holds the quantile, and is made of values that occurred', () => {
    const { low, high } = bootstrapClusterQuantile(values, each, 0.9);
    const quantile = percentile(values.toSorted(), 0.9);
    expect(low).toBeLessThanOrEqual(quantile);
    expect(high).toBeGreaterThanOrEqual(quantile);
    expect(values).toContain(low);
  });
  test('agrees with sorting every resample', () => {
    const clusterOf = each.map(i => Math.floor(i / 5));
    const random = randomLcg(9);
    const sorted = Float64Array.from({ length: 199 }, () => {
      const drawn = Array.from({ length: 100 }, () => Math.floor(random() * 100)).flatMap(c => [...values.slice(5 * c, 5 * c + 5)]);
      return percentile(Float64Array.from(drawn).sort(), 0.9);
    }).sort();
    expect(bootstrapClusterQuantile(values, clusterOf, 0.9, { seed: 9, resamples: 199 })).toEqual({
      low: percentile(sorted, 0.025),
      high: percentile(sorted, 0.975),
    });
  });
  test('is wider where values come in clusters that are alike', () => {
    const alike = Float64Array.from(each, i => values[Math.floor(i / 10)] ?? 0);
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    const alone = bootstrapClusterQuantile(alike, each, 0.9);
    expect(
      width(
        bootstrapClusterQuantile(
          alike,
          each.map(i => Math.floor(i / 10)),
          0.9,
        ),
      ),
    ).toBeGreaterThan(1.5 * width(alone));
  });
  test('keeps clusters that are fixed in every resample, once', () => {
    const few = [1, 2, 3, 4, 100];
    const found = bootstrapClusterQuantile(few, [0, 1, 2, 3, 4], 0.99, { fixed: new Set([4]) });
    expect(found).toEqual({ low: 100, high: 100 });
    expect(bootstrapClusterQuantile(few, [0, 1, 2, 3, 4], 0.8, { fixed: new Set([0, 1, 2, 3, 4]) })).toEqual({ low: 4, high: 4 });
  });
  test('of one cluster is its own quantile', () =>
    expect(bootstrapClusterQuantile([1, 2, 3], [0, 0, 0], 0.5)).toEqual({ low: 2, high: 2 }));
});
