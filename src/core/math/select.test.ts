import fc from 'fast-check';
import { expect, test } from 'vitest';
import { select } from './select.ts';

test('the k-th smallest lies where it lies among the sorted, the smaller before it and the greater after it', () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 }), fc.nat(), (list, at) => {
      const k = at % list.length;
      const values = Float64Array.from(list);
      select(values, k);
      const kth = list.toSorted((a, b) => a - b)[k]!;
      expect(values[k]).toBe(kth);
      expect(values.subarray(0, k).every(v => v <= kth)).toBe(true);
      expect(values.subarray(k).every(v => v >= kth)).toBe(true);
      expect(values.toSorted()).toEqual(Float64Array.from(list).sort());
    }),
  ));

test.each([
  ['ascending', (i: number) => i],
  ['descending', (i: number) => -i],
  ['all the same', () => 7],
  ['up and down again', (i: number) => -Math.abs(i - 2500)],
  ['scattered', (i: number) => (i * 7919) % 5003],
])('of five thousand, %s', (_, of) => {
  const list = Float64Array.from({ length: 5000 }, (__, i) => of(i));
  const sorted = list.toSorted();
  for (const k of [0, 1, 1250, 2500, 4998, 4999]) {
    const values = list.slice();
    select(values, k);
    expect(values[k]).toBe(sorted[k]);
  }
});
