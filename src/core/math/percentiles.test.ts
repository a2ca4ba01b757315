import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentile, quantileRanks } from './percentiles.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('a percentile is the nearest rank', () => {
  test.each([
    [100, 0.99, 99],
    [100, 0.5, 50],
    [101, 0.99, 100],
    [200, 0.99, 198],
    [10, 0.99, 10],
    [1, 0.5, 1],
    [3, 0.5, 2],
    [4, 0.5, 2],
    [4, 0, 1],
    [4, 1, 4],
  ])('of 1…%i at %d it is %i', (n, q, value) => expect(percentile(upTo(n), q)).toBe(value));

  test('of nothing there is none', () => expect(percentile([], 0.99)).toBeNaN());

  test('it is the smallest value that at least the share q does not exceed', () => {
    const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 1000 }), (list, thousandths) => {
        const sorted = list.toSorted((a, b) => a - b);
        const value = percentile(sorted, thousandths / 1000);
        const notAbove = (x: number) => sorted.filter(v => v <= x).length * 1000;
        expect(notAbove(value)).toBeGreaterThanOrEqual(thousandths * list.length);
        expect(notAbove(value - 1)).toBeLessThan(thousandths * list.length);
      }),
    );
  });
});

describe('the ranks that bound p99 with 95 % confidence', () => {
  test.each([
    [100, 97, null],
    [300, 293, null],
    [500, 490, 500],
    [1000, 983, 997],
    [5000, 4936, 4964],
    [20_000, 19_772, 19_828],
  ])('of %i values are %i and %s', (n, lower, upper) => expect(quantileRanks(n, 0.99)).toEqual([lower, upper]));

  test('have no upper one below 368 values: even the largest is too often below the true p99', () => {
    // 0.99^n <= 0.025 from n = 368 on.
    expect(quantileRanks(367, 0.99)[1]).toBeNull();
    expect(quantileRanks(368, 0.99)[1]).toBe(368);
  });
  test('of one value are that value and none', () => expect(quantileRanks(1, 0.99)).toEqual([1, null]));
  test.each([50, 368, 777, 3000])('lie on both sides of the nearest rank (n = %i)', n => {
    const [lower, upper] = quantileRanks(n, 0.99);
    expect(lower).toBeLessThanOrEqual(Math.ceil(0.99 * n));
    expect(upper ?? n).toBeGreaterThanOrEqual(Math.ceil(0.99 * n));
  });
});
