import { randomLcg, randomNormal } from 'd3-random';
import { describe, expect, test } from 'vitest';
import { laggedCorrelation } from './correlation.ts';

const N = 256;

function redNoise(seed: number, rho = 0.9): Float64Array {
  const noise = randomNormal.source(randomLcg(seed * 7919 + 13))();
  let x = 0;
  for (let i = 0; i < 100; i++) x = rho * x + noise();
  return Float64Array.from({ length: N }, () => {
    x = rho * x + noise();
    return x;
  });
}
const pearson = (a: Float64Array, b: Float64Array) => {
  const mean = (v: Float64Array) => v.reduce((s, x) => s + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  const cov = (x: Float64Array, mx: number, y: Float64Array, my: number) => x.reduce((s, v, i) => s + (v - mx) * ((y[i] ?? 0) - my), 0);
  return cov(a, ma, b, mb) / Math.sqrt(cov(a, ma, a, ma) * cov(b, mb, b, mb));
};

describe('two independent series of red noise', () => {
  const pairs = Array.from({ length: 150 }, (_, i) => [redNoise(2 * i + 1), redNoise(2 * i + 2)] as const);
  // Ebisuzaki 1997, table 1: the test keeps its level where Pearson with n - 2 degrees of freedom does not.
  test('are found related far too often by plain Pearson', () => {
    // |t| > 1.97 with 254 degrees of freedom: |r| > 0.1227.
    const alarms = pairs.filter(([a, b]) => Math.abs(pearson(a, b)) > 0.1227).length;
    expect(alarms / pairs.length).toBeGreaterThan(0.3);
  });
  test('are found related about as often as alpha says, also over many lags', () => {
    for (const maxLag of [0, 10]) {
      const alarms = pairs.filter(([a, b]) => (laggedCorrelation(a, b, { maxLag, surrogates: 99 })?.p ?? 1) <= 0.05).length;
      // Binomial(150, 0.05): 99.8 % of counts lie in 1 … 17.
      expect(alarms).toBeGreaterThanOrEqual(1);
      expect(alarms).toBeLessThanOrEqual(17);
    }
  });
});

describe('a series that follows another', () => {
  const a = redNoise(5, 0.6);
  const b = Float64Array.from({ length: N }, (_, i) => -(a[(i - 4 + N) % N] ?? 0));
  test('is found at its lag with its sign', () => {
    const found = laggedCorrelation(a, b, { maxLag: 10 });
    expect(found).toMatchObject({ lag: 4, p: 0.001, surrogates: 999, n: N });
    expect(found?.r).toBeCloseTo(-1, 6);
  });
  test('is not found where the lag is not looked at', () => expect(laggedCorrelation(a, b, { maxLag: 1 })?.r).toBeGreaterThan(-0.6));
  test('at lag zero the correlation is Pearson’s', () => {
    const c = redNoise(6);
    expect(laggedCorrelation(a, c, { maxLag: 0 })?.r).toBeCloseTo(pearson(a, c), 9);
  });
  test('gives the same answer each time, and another with another seed', () => {
    const c = redNoise(8);
    expect(laggedCorrelation(a, c, { maxLag: 3 })).toEqual(laggedCorrelation(a, c, { maxLag: 3 }));
    expect(laggedCorrelation(a, c, { maxLag: 3, seed: 1 })?.p).not.toBe(laggedCorrelation(a, c, { maxLag: 3, seed: 2 })?.p);
  });
});

test('what never changes is related to nothing', () =>
  expect(laggedCorrelation(new Float64Array(8), redNoise(1).slice(0, 8), { maxLag: 1 })).toBeUndefined());
