import { describe, expect, test } from 'vitest';
import { repeatedRows } from './repeated-rows.ts';

/** Rows of start, end, identity and one more column. */
const repeated = (rows: readonly (readonly [number, number, number, number])[]) =>
  repeatedRows(
    [0, 1, 2, 3].map(i => (i < 2 ? Float64Array.from(rows, r => r[i] ?? 0) : Int32Array.from(rows, r => r[i] ?? 0))),
    rows.length,
  );
const row = (start: number, id = start, more = 0) => [start, start + 5, id, more] as const;
const orders = [
  ['in order of their starts', (rows: readonly ReturnType<typeof row>[]) => rows],
  ['in another order', (rows: readonly ReturnType<typeof row>[]) => [row(9e9), row(8e9), ...rows]],
] as const;

describe.each(orders)('rows %s', (_, laid) => {
  const shift = laid([]).length;
  test('that all differ repeat none', () => expect(repeated(laid([row(1), row(2), row(3)]))).toEqual([]));
  test('that begin together and differ otherwise repeat none', () =>
    expect(repeated(laid([row(1, 7), row(1, 8), row(1, 7, 1)]))).toEqual([]));
  test('that are there thrice repeat twice', () =>
    expect(repeated(laid([row(1), row(1), row(1), row(2)]))).toEqual([1 + shift, 2 + shift]));
  test('with another between them repeat', () => expect(repeated(laid([row(1, 7), row(1, 8), row(1, 7)]))).toEqual([2 + shift]));
  test('of times beyond 32 bits are told apart', () => expect(repeated(laid([row(1, 7), row(1 + 2 ** 32, 7)]))).toEqual([]));
});
