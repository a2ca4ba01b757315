import { expect, test } from 'vitest';
import { confidenceOfShift, waysToPart } from './shift.ts';

test('five and five values are parted in 252 ways, and what stands apart wholly reaches one in so many', () => {
  expect(waysToPart(5, 5)).toBe(252);
  const found = confidenceOfShift([1, 2, 3, 4, 5], [11, 12, 13, 14, 15]);
  expect(found?.estimate).toBe(10);
  expect(found?.pAtMost(0)).toBeCloseTo(1 / 252, 12);
  expect(found?.pAtLeast(20)).toBeCloseTo(1 / 252, 12);
});
test('the level at a shift is that of the values shifted back', () => {
  const before = [3, 1, 4, 1.5, 9];
  const after = [2.6, 5.3, 5.8, 9.7];
  const shifted = confidenceOfShift(
    before,
    after.map(v => v - 1.25),
  );
  expect(confidenceOfShift(before, after)?.pAtMost(1.25)).toBeCloseTo(shifted?.pAtMost(0) ?? Number.NaN, 12);
});
test('an interval is where its tests say', () => {
  const found = confidenceOfShift([1, 2, 4, 3, 2.5, 1.7], [3, 5, 4.4, 6, 5.2, 4.1]);
  const low = found?.bound(0.025) ?? Number.NaN;
  expect(found?.pAtMost(low - 1e-9)).toBeLessThanOrEqual(0.025);
  expect(found?.pAtMost(low + 1e-9)).toBeGreaterThan(0.025 - 1e-9);
});
test('many values are parted at random, and an empty side has none', () => {
  const values = Array.from({ length: 20 }, (_, i) => (i * 7) % 20);
  expect(
    confidenceOfShift(
      values,
      values.map(v => v + 30),
    )?.pAtMost(0),
  ).toBeCloseTo(1e-4, 5);
  expect(confidenceOfShift([], [1])).toBeUndefined();
});
