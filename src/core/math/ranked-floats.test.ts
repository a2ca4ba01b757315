import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '#test/thorough';
import { valuesAtRanks } from './ranked-floats.ts';

const atRanks = (parts: readonly Float32Array[], ranks: readonly number[]) => {
  const values = valuesAtRanks(parts, ranks);
  return ranks.map(rank => values.get(rank));
};
const everyRank = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('the values at ranks', () => {
  test('are those of a sort, whatever the numbers and however they are cut into parts', () =>
    fc.assert(
      fc.property(fc.array(fc.float32Array({ maxLength: 40 }), { maxLength: 5 }), parts => {
        const all = Float32Array.from(parts.flatMap(part => [...part]));
        expect(atRanks(parts, everyRank(all.length))).toEqual([...all.sort()]);
      }),
      runs(50),
    ));
  test('are exact where numbers differ in the last bit only, and where many are equal', () => {
    const close = Float32Array.from({ length: 300 }, (_, i) => 9 + (i % 7) * 2 ** -20);
    expect(atRanks([close], everyRank(300))).toEqual([...close.slice().sort()]);
  });
  test('are those of a sort where there are too many to be sorted', () => {
    const many = Float32Array.from({ length: 70_000 }, (_, i) => Math.sin(i) * 2 ** (i % 40));
    const ranks = [1, 2, 35_000, 69_999, 70_000, 70_001];
    const sorted = many.slice().sort();
    expect(atRanks([many.subarray(0, 9), many.subarray(9)], ranks)).toEqual(ranks.map(rank => sorted[rank - 1]));
  });
  test('come from a part that begins within a buffer', () =>
    expect(atRanks([Float32Array.of(1, 2, 3, 4).subarray(2)], [1, 2])).toEqual([3, 4]));
  test('are those of the ranks that there are', () => expect(atRanks([Float32Array.of(7, 5)], [2, 1, 3])).toEqual([7, 5, undefined]));
});
