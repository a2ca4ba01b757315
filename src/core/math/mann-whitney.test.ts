import { expect, test } from 'vitest';
import { rankSum } from './mann-whitney.ts';

const of = (...values: number[]) => Float64Array.from(values).sort();

test('what lies above all of the others is larger always, and the tail is that of the normal', () => {
  const found = rankSum(of(1, 2, 3, 4, 5), of(6, 7, 8, 9, 10));
  expect(found?.largerShare).toBe(1);
  // U = 25, mean 12.5, variance 5·5·11/12: z = 2.611, of which the two-sided tail is 0.00902.
  expect(found?.p).toBeCloseTo(0.00902, 4);
});
test('ties count half, and narrow the variance', () => {
  expect(rankSum(of(1, 1, 2), of(1, 2, 2))?.largerShare).toBeCloseTo((2 * 0.5 + 4 + 2 * 0.5) / 9, 10);
});
test('alike sets are not told apart; empty ones and constants tell nothing', () => {
  expect(rankSum(of(1, 2, 3), of(1, 2, 3))?.p).toBe(1);
  expect(rankSum(of(), of(1))).toBeUndefined();
  expect(rankSum(of(2, 2), of(2, 2))).toBeUndefined();
});
