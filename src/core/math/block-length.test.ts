import { randomLcg, randomNormal } from 'd3-random';
import { describe, expect, test } from 'vitest';
import { autocovariances, automaticBlockLength } from './block-length.ts';

/** x(t) = rho·x(t-1) + noise, after a run-in. */
function autoregression(n: number, rho: number, seed: number): Float64Array {
  const noise = randomNormal.source(randomLcg(seed))();
  let x = 0;
  for (let i = 0; i < 200; i++) x = rho * x + noise();
  return Float64Array.from({ length: n }, () => {
    x = rho * x + noise();
    return x;
  });
}

/**
 * For AR(1) the sums have a closed form: G = 2σ²ρ/((1-ρ²)(1-ρ)²) and Σ R(k) = σ²/(1-ρ)², so that the corrected formula (Patton, Politis &
 * White 2009) gives b = (2ρ/(1-ρ²))^(2/3)·n^(1/3).
 */
const closed = (rho: number, n: number) => Math.cbrt(((2 * rho) / (1 - rho ** 2)) ** 2 * n);
const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe('the block length of an AR(1) process is that of the closed form', () => {
  test.each([
    [0.3, 2000],
    [0.5, 2000],
    [0.8, 2000],
    [-0.5, 2000],
  ])('rho %d, %i values', (rho, n) => {
    const found = middle(Array.from({ length: 25 }, (_, seed) => automaticBlockLength(autoregression(n, rho, seed + 1))));
    expect(found / closed(rho, n)).toBeGreaterThan(0.8);
    expect(found / closed(rho, n)).toBeLessThan(1.25);
  });
  test('and short for independent values', () => {
    const found = middle(Array.from({ length: 25 }, (_, seed) => automaticBlockLength(autoregression(2000, 0, seed + 1))));
    expect(found).toBeLessThan(4);
  });
});

test('autocovariances have divisor n, as in R', () => {
  // acf(c(1, 2, 3, 4), type = "covariance") gives 1.25, 0.3125, -0.375, -0.5625.
  expect([...autocovariances([1, 2, 3, 4], 3)]).toEqual([1.25, 0.3125, -0.375, -0.5625]);
});
test('what never changes, and what is too short to say, has blocks of one', () => {
  expect(automaticBlockLength(new Float64Array(100))).toBe(1);
  expect(automaticBlockLength([1, 2, 3])).toBe(1);
});
test('a block is never longer than a third of the series', () => {
  expect(automaticBlockLength(Float64Array.from({ length: 60 }, (_, i) => i))).toBeLessThanOrEqual(20);
});
