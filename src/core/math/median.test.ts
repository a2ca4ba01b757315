import { median } from 'd3-array';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { medianOf, upperMedian } from './median.ts';

const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 20 });

test('is the median that d3 has', () => {
  fc.assert(
    fc.property(values, list => {
      expect(medianOf(list)).toBeCloseTo(median(list) ?? Number.NaN, 6);
    }),
  );
});
test('the upper median of an odd number of values is the median, of an even number the larger of the two in the middle', () => {
  expect([upperMedian([3, 1, 2]), upperMedian([4, 1, 3, 2])]).toEqual([2, 3]);
});
test('nothing has no median', () => expect([medianOf([]), upperMedian([])]).toEqual([Number.NaN, Number.NaN]));
test('leaves the values in their order', () => {
  const list = [3, 1, 2];
  expect([medianOf(list), upperMedian(list), list]).toEqual([2, 2, [3, 1, 2]]);
});
