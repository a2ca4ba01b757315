import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergedOrder } from './merged-order.ts';

const sortedOrder = (list: readonly number[]) => list.map((_, i) => i).sort((a, b) => list[a]! - list[b]! || a - b);
const ascending = (list: readonly number[]) => list.toSorted((a, b) => a - b);

test('puts any values in order, and leaves equals as they stand', () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 60 }), list => {
      expect([...mergedOrder(Float64Array.from(list))]).toEqual(sortedOrder(list));
    }),
  ));
test('merges lists in order that stand one after the other, however many', () =>
  fc.assert(
    fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 20 }), { maxLength: 9 }), lists => {
      const list = lists.flatMap(ascending);
      expect([...mergedOrder(Float64Array.from(list))]).toEqual(sortedOrder(list));
    }),
  ));
test('of none there is nothing to put in order', () => expect([...mergedOrder(new Float64Array(0))]).toEqual([]));
