import { randomLcg, randomNormal, randomPoisson } from 'd3-random';
import { describe, expect, test } from 'vitest';
import { clusterQuantile } from './cluster-quantile.ts';
import { quantileRanks } from './percentiles.ts';

const ascending = (n: number) => Float64Array.from({ length: n }, (_, i) => i + 1);
const alone = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);

describe('the interval of a quantile of clusters', () => {
  test.each([400, 1000, 5000])('of %i independent values is that of the binomial ranks, to a rank or two', n => {
    const [low, high] = quantileRanks(n, 0.99);
    const found = clusterQuantile(ascending(n), alone(n), 0.99);
    expect(Math.abs(found.low - low)).toBeLessThanOrEqual(2);
    expect(Math.abs((found.high ?? Number.POSITIVE_INFINITY) - (high ?? Number.POSITIVE_INFINITY))).toBeLessThanOrEqual(2);
  });
  test('has an upper end only where one more cluster could not lift the quantile: 3.69 Poisson clusters at 97.5 %', () => {
    expect(clusterQuantile(ascending(368), alone(368), 0.99).high).toBeNull();
    expect(clusterQuantile(ascending(370), alone(370), 0.99).high).not.toBeNull();
    expect(clusterQuantile(ascending(3680), alone(3680), 0.99, 10).high).toBeNull();
    expect(clusterQuantile(ascending(3700), alone(3700), 0.99, 10).high).not.toBeNull();
  });
  test('is wider when the largest values are one cluster: it may not come again', () => {
    const one = alone(1000).map(i => Math.min(i, 980));
    const found = clusterQuantile(ascending(1000), one, 0.99);
    expect(found.low).toBeLessThan(980);
    expect(found.high).toBeNull();
  });
  test('of none is no number', () => expect(clusterQuantile([], [], 0.99)).toEqual({ low: Number.NaN, high: null }));
  test('covers the truth where few incidents make the tail, in 19 of 20 runs', () => {
    const random = randomLcg(4);
    const normal = randomNormal.source(random)();
    const incidents = randomPoisson.source(random)(4);
    // 1,000 requests, in each some four incidents that slow ten of them by 0 to 100: the share beyond x is 4 % of (1 - x / 100).
    const covered = Array.from({ length: 200 }, () => {
      const values = Float64Array.from({ length: 1000 }, () => normal() * 1e-3);
      const clusterOf = alone(1000);
      const count = Math.min(50, incidents());
      for (let k = 0; k < count; k++) {
        const slow = 100 * random();
        for (let j = 0; j < 10; j++) {
          values[20 * k + j] = slow;
          clusterOf[20 * k + j] = 20 * k;
        }
      }
      const { low, high } = clusterQuantile(values, clusterOf, 0.99, 10);
      return low <= 75 && (high === null || high >= 75);
    });
    expect(covered.filter(Boolean).length / 200).toBeGreaterThanOrEqual(0.95);
  });
});
