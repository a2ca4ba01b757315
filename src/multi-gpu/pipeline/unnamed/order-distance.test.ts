import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '#test/thorough';
import { alignOrders, orderDistance } from './order-distance.ts';

const letters = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 12 });

/** Length of the longest common subsequence, by its recursion. */
function common(a: readonly number[], b: readonly number[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      table[i]![j] = a[i - 1] === b[j - 1] ? table[i - 1]![j - 1]! + 1 : Math.max(table[i - 1]![j]!, table[i]![j - 1]!);
  return table[a.length]![b.length]!;
}

describe('the distance of two orders', () => {
  test('is what is left out of both so that the longest common order is left', () =>
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        expect(orderDistance(a, b, 24)).toBe(a.length + b.length - 2 * common(a, b));
      }),
      runs(500, 100),
    ));
  test('is not looked for beyond the limit', () => {
    expect(orderDistance([0, 0], [1, 1], 3)).toBeUndefined();
    expect(orderDistance([0, 0], [1, 1], 4)).toBe(4);
  });
});

test('pairs are the longest common order, in order', () =>
  fc.assert(
    fc.property(letters, letters, (a, b) => {
      const pairs = alignOrders(a, b, 24)!;
      expect(pairs).toHaveLength(common(a, b));
      for (const [i, j] of pairs) expect(a[i]).toBe(b[j]);
      for (const [n, [i, j]] of pairs.entries()) {
        expect(i).toBeGreaterThan(pairs[n - 1]?.[0] ?? -1);
        expect(j).toBeGreaterThan(pairs[n - 1]?.[1] ?? -1);
      }
    }),
    runs(500, 100),
  ));
