import { randomLcg, randomNormal } from 'd3-random';
import { expect, test } from 'vitest';
import { confidenceOfDifference, confidenceOfMean } from './confidence.ts';

test('of five differences it is Student’s t: mean ± t · s / √n', () => {
  // Student 1908, Biometrika 6:20: hours of sleep gained, differences of two drugs; nine of the ten pairs, so that they are few.
  const d = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6];
  const found = confidenceOfMean(d);
  const mean = d.reduce((a, b) => a + b) / 9;
  const sd = Math.sqrt(d.reduce((a, b) => a + (b - mean) ** 2, 0) / 8);
  expect(found?.method).toBe('paired-t');
  expect(found?.bound(0.975)).toBeCloseTo(mean + (2.306004 * sd) / 3, 5);
  expect(found?.bound(0.025)).toBeCloseTo(mean - (2.306004 * sd) / 3, 5);
  expect(found?.pAtMost(found.bound(0.025))).toBeCloseTo(0.025, 6);
});

test('of ten differences signs are flipped, and the test is the exact one', () => {
  const d = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
  const found = confidenceOfMean(d);
  expect(found?.method).toBe('sign-flips');
  // No subset has a mean of 0 but that of the one value 0 itself: two of 1,024 parts.
  expect(found?.pAtMost(0)).toBeCloseTo(2 / 1024, 10);
  expect(found?.bound(0.025)).toBeGreaterThan(0.5);
  expect(found?.bound(0.975)).toBeLessThan(2.6);
});

test('an interval and a test agree: beyond a bound no value is refused, within it one is', () => {
  const d = Array.from({ length: 12 }, (_, i) => Math.sin(i * 7) + 0.3);
  const found = confidenceOfMean(d);
  const low = found?.bound(0.025) ?? Number.NaN;
  expect(found?.pAtMost(low - 1e-9)).toBeLessThanOrEqual(0.025);
  expect(found?.pAtMost(low + 1e-9)).toBeGreaterThan(0.025);
});

test('differences that are all alike prove a change only from six on', () => {
  const p = (n: number) => confidenceOfMean(Array.from({ length: n }, () => 0.1))?.pAtMost(0) ?? 1;
  expect(p(5)).toBeGreaterThan(0.025);
  expect(p(6)).toBeLessThan(0.025);
});

test('one value, or one on a side, tells nothing', () => {
  expect(confidenceOfMean([1])).toBeUndefined();
  expect(confidenceOfDifference([1], [1, 2, 3])).toBeUndefined();
});

test('sides that spread unlike are compared by Welch', () => {
  // s² = 2/3 and 17/3, so that Welch's degrees of freedom are 3.69 and t(0.975) lies between that of 3 (3.182) and of 4 (2.776).
  const found = confidenceOfDifference([3, 4, 5, 4], [8, 12, 9, 13]);
  expect(found?.estimate).toBe(6.5);
  const error = Math.sqrt(2 / 3 / 4 + 17 / 3 / 4);
  expect(found?.method).toBe('welch-t');
  const quantile = ((found?.bound(0.975) ?? 0) - 6.5) / error;
  expect(quantile).toBeGreaterThan(2.776);
  expect(quantile).toBeLessThan(3.182);
});

test('the intervals hold the truth as often as they say', () => {
  const normal = randomNormal.source(randomLcg(7))(0, 1);
  const covered = (n: number) => {
    let inside = 0;
    const draws = 200;
    for (let k = 0; k < draws; k++) {
      const found = confidenceOfMean(Array.from({ length: n }, normal));
      if (found !== undefined && found.bound(0.025) <= 0 && found.bound(0.975) >= 0) inside++;
    }
    return inside / draws;
  };
  // 200 draws: three standard errors of 0.95 are 0.046.
  expect(covered(4)).toBeGreaterThan(0.904);
  expect(covered(10)).toBeGreaterThan(0.904);
  expect(covered(10)).toBeLessThan(0.996);
});
