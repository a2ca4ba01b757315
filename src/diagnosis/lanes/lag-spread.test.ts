import { expect, test } from 'vitest';
import { isTied, lagSpread } from './lag-spread.ts';

/** Ends of steps of 10. */
const ENDS = Float64Array.from({ length: 50 }, (_, k) => 10 * k);
const at = (n: number, lag: (k: number) => number) => Array.from({ length: n }, (_, k) => 10 * k + 100 + lag(k));

test('moments at a constant time after the ends of steps do not scatter', () =>
  expect(
    lagSpread(
      at(10, () => 3),
      ENDS,
      10,
    ),
  ).toBe(0));
test('moments anywhere scatter by a quarter of a step', () =>
  expect(
    lagSpread(
      at(40, k => (k * 3.7) % 10),
      ENDS,
      10,
    ),
  ).toBeCloseTo(0.25, 1));
test('three moments in the time of the steps say nothing, four do', () => {
  expect(
    lagSpread(
      at(3, () => 3),
      ENDS,
      10,
    ),
  ).toBeUndefined();
  expect(
    lagSpread(
      at(4, () => 3),
      ENDS,
      10,
    ),
  ).toBe(0);
});
test('moments that lie in fewer than four steps say nothing', () =>
  expect(lagSpread([101, 101.1, 101.2, 111, 111.1, 121], ENDS, 10)).toBe(Number.POSITIVE_INFINITY));
test('moments are tied to steps where they scatter less than 0.15 of one', () =>
  expect([0.149, 0.151, undefined].map(isTied)).toEqual([true, false, false]));
