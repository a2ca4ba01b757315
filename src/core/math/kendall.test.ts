import { expect, test } from 'vitest';
import { confidenceOfSlope, kendallTau } from './kendall.ts';

test('tau-b is that of scipy.stats.kendalltau', () => {
  expect(kendallTau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.4714045, 6);
});
test('the slope is the median of all pairs: one outlier does not move it', () => {
  const x = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const found = confidenceOfSlope(
    x,
    x.map(v => (v === 9 ? 900 : 2 * v + 1)),
  );
  expect(found?.estimate).toBe(2);
  expect(found?.pAtMost(0)).toBeLessThan(0.001);
  expect(found?.pAtLeast(0)).toBeGreaterThan(0.999);
});
test('the level is that of Mann and Kendall: ten values that only rise, S = 45, Z = 44 / √125', () => {
  const x = Array.from({ length: 10 }, (_, i) => i);
  // 1 − Φ(3.9355)
  expect(
    confidenceOfSlope(
      x,
      x.map(v => v ** 3),
    )?.pAtMost(0),
  ).toBeCloseTo(4.15e-5, 6);
});
test('ends of an interval and tests agree', () => {
  const x = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5];
  const found = confidenceOfSlope(
    x,
    x.map((v, i) => v + Math.sin(7 * i)),
  );
  for (const [confidence, p] of [
    [0.025, found?.pAtMost],
    [0.975, found?.pAtLeast],
  ] as const) {
    const end = found?.bound(confidence) ?? Number.NaN;
    const beyond = confidence < 0.5 ? -1e-9 : 1e-9;
    expect(p?.(end + beyond)).toBeLessThanOrEqual(0.026);
  }
});
test('where no two x differ there is no slope', () => expect(confidenceOfSlope([1, 1, 1], [1, 2, 3])).toBeUndefined());
