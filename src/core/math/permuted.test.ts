import { expect, test } from 'vitest';
import { permutedLevel } from './permuted.ts';

const first = (values: Float64Array) => values[0] ?? 0;
test('the order that was seen counts: no level is 0', () => {
  const values = Float64Array.from({ length: 30 }, (_, i) => i);
  const along = (moved: Float64Array) => moved.reduce((sum, v, i) => sum + v * i, 0);
  expect(permutedLevel(values, along)).toBe(1 / 2000);
  expect(permutedLevel(values, moved => -along(moved))).toBe(1);
});
test('values stay in their stratum', () => {
  expect(permutedLevel(Float64Array.of(9, 1, 2, 100), first, ['a', 'a', 'a', 'b'])).toBeCloseTo(1 / 3, 1);
  expect(permutedLevel(Float64Array.of(9, 1, 2, 100), first, ['a', 'b', 'b', 'b'])).toBe(1);
});
