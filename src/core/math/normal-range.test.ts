import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalOf } from './normal-range.ts';

test('four values say nothing about what is normal, five do', () => {
  expect(normalOf([1, 2, 3, 4])).toBeUndefined();
  expect(normalOf([1, 2, 3, 4, 5])).toMatchObject({ median: 3, sigma: expect.closeTo(1.4826, 6) });
});

test('the least number can be asked for', () => {
  expect(normalOf([1, 2], 2)?.median).toBe(1.5);
  expect(normalOf([], 0)?.median).toBe(0);
});

test('the limit is three robust standard deviations above the median', () => {
  const normal = normalOf([8, 9, 10, 11, 12]);
  expect(normal?.median).toBe(10);
  expect(normal?.sigma).toBeCloseTo(1.4826, 12);
  expect(normal?.limit).toBeCloseTo(10 + 3 * 1.4826, 12);
});

test('values that never vary have no spread: anything above stands out', () => {
  expect(normalOf([7, 7, 7, 7, 7])).toEqual({ median: 7, sigma: 0, limit: 7 });
});

test('outliers in nearly half of the values do not move what is normal', () => {
  const values = [...Array.from({ length: 60 }, (_, i) => 10 + (i % 5) / 10), ...Array.from({ length: 40 }, () => 1e9)];
  expect(normalOf(values)?.limit).toBeLessThan(13);
});

test('order does not matter, and typed arrays are as good as lists', () => {
  const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 5, maxLength: 40 });
  fc.assert(
    fc.property(values, list => {
      expect(normalOf(list.toReversed())).toEqual(normalOf(list));
      expect(normalOf(Float64Array.from(list))).toEqual(normalOf(list));
    }),
  );
});
