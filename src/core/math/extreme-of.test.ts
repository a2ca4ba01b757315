import { randomLcg } from 'd3-random';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extremeOf, largestOf } from './normal-range.ts';

/** Values at the quantiles of an exponential distribution of scale 1, ascending. */
const exponential = (n: number) => Float64Array.from({ length: n }, (_, i) => -Math.log(1 - (i + 0.5) / n));

describe('the most that one of many delays should be by chance', () => {
  test('of none is 0', () => expect(extremeOf(new Float64Array(0))).toBe(0));
  test('of one is that one: a single delay has no scale', () => expect(extremeOf(Float64Array.of(7))).toBe(7));
  test('of delays that never vary is that delay', () => expect(extremeOf(Float64Array.of(3, 3, 3, 3, 3, 3))).toBe(3));
  test('lies above the median by as many scales as make one case in a hundred, and by more the fewer tell the scale', () => {
    // Median 0, upper quartile 1: a scale of 1 / ln 2.
    const scales = (n: number) => Math.LN2 * extremeOf(Float64Array.from({ length: n }, (_, i) => (4 * i < 3 * n - 4 ? 0 : 1)));
    expect(scales(1_000_000)).toBeCloseTo(Math.log(1_000_000 / 0.02), 2);
    expect([40, 100, 1000].map(n => scales(n) / Math.log(n / 0.02))).toEqual([
      expect.closeTo(1.52, 2),
      expect.closeTo(1.2, 1),
      expect.closeTo(1.02, 2),
    ]);
  });
  test.each([8, 15, 20, 40, 100])('of %i exponential delays is exceeded in at most one set of them in a hundred', n => {
    const uniform = randomLcg(n / 1000);
    const sets = 4000;
    let beyond = 0;
    for (let s = 0; s < sets; s++) {
      const delays = Float64Array.from({ length: n }, () => -Math.log(1 - uniform())).sort();
      if ((delays.at(-1) ?? 0) > extremeOf(delays)) beyond++;
    }
    // Three standard errors of a count whose mean is one in a hundred.
    expect(beyond).toBeLessThanOrEqual(0.01 * sets + 3 * Math.sqrt(0.01 * sets));
  });
  test('is not moved by what a fault did to fewer than a quarter of them', () => {
    const calm = exponential(100);
    expect(extremeOf(calm.map((v, i) => (i >= 76 ? v + 1e6 : v)))).toBe(extremeOf(calm));
  });
  test('is moved by what happens to more than a quarter', () => {
    const calm = exponential(100);
    expect(extremeOf(calm.map((v, i) => (i >= 74 ? v + 1e6 : v)))).toBeGreaterThan(1e6);
  });
  test('grows with the unit that they are measured in', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, list => {
        const sorted = Float64Array.from(list).sort();
        expect(extremeOf(sorted.map(v => 4 * v))).toBe(4 * extremeOf(sorted));
        // It is never less than the median, so half of the delays at the least are no extremes.
        expect(sorted.filter(v => v > extremeOf(sorted)).length).toBeLessThanOrEqual(list.length / 2);
      }),
    );
  });
});

describe('the largest of what has a largest value of its own', () => {
  test('takes the scale as it was estimated', () =>
    expect(largestOf(Float64Array.of(1, 2, 3, 4))).toBeCloseTo(2 + Math.log(4 / 0.02) / Math.LN2, 12));
  test('has a scale no finer than the grain', () => {
    const coarse = Float64Array.of(5, 5, 5, 5);
    expect(largestOf(coarse, 2)).toBeCloseTo(5 + 2 * Math.log(4 / 0.02), 12);
    // Where the values scatter by more, the grain says nothing.
    expect(largestOf(Float64Array.of(1, 2, 3, 4), 1)).toBe(largestOf(Float64Array.of(1, 2, 3, 4)));
  });
  test('rises with their number, though their spread stays', () => {
    const times = (k: number) => Float64Array.from({ length: 4 * k }, (_, i) => Math.floor(i / k));
    expect(largestOf(times(100))).toBeCloseTo(largestOf(times(10)) + Math.log(10) / Math.LN2, 12);
  });
  test('of none is 0', () => expect(largestOf(new Float64Array(0))).toBe(0));
});
