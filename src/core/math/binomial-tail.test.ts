import { expect, test } from 'vitest';
import { binomialTail } from './binomial-tail.ts';

test('all of n successes are as likely as the chance of one to the power of n', () => {
  expect(binomialTail(10, 1, 0.5)).toBeCloseTo(0.5 ** 10, 12);
});
test('no more successes than chance has are certain', () => {
  expect(binomialTail(100, 0.5, 0.5)).toBe(1);
});
test('is never below the exact chance', () => {
  // P(X >= 15) of 20 throws of a fair coin.
  const exact = 0.020694732666015625;
  expect(binomialTail(20, 0.75, 0.5)).toBeGreaterThan(exact);
  expect(binomialTail(20, 0.75, 0.5)).toBeLessThan(4 * exact);
});
test('what never happens by chance needs no trial', () => {
  expect(binomialTail(1, 1, 0)).toBeLessThan(1e-300);
});
