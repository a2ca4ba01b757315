import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ascendingOrder,
  complement,
  coverage,
  intersect,
  isAscending,
  measure,
  mergeAscending,
  NO_SPANS,
  type Spans,
  spansOf,
  subtract,
  union,
  upperBound,
} from './spans.ts';

/** Times in the properties are whole numbers below this, so that a bitmap can say what is right. */
const LENGTH = 40;
const pairs = fc.array(fc.tuple(fc.nat(LENGTH), fc.nat(LENGTH)), { maxLength: 8 });
const bitmap = (list: readonly (readonly [number, number])[]) =>
  Array.from({ length: LENGTH }, (_, t) => list.some(([a, b]) => a <= t && t < b));
const pairsOf = (spans: Spans) => Array.from({ length: spans.n }, (_, i) => [spans.start[i] ?? 0, spans.end[i] ?? 0] as const);
const bitsOf = (spans: Spans) => bitmap(pairsOf(spans));
const total = (bits: readonly boolean[]) => bits.filter(Boolean).length;

/** What every result must be: ascending, disjoint, not touching, without empty stretches, and as long as it says. */
function expectTidy(spans: Spans) {
  expect([spans.start.length, spans.end.length]).toEqual([spans.n, spans.n]);
  for (const [i, [a, b]] of pairsOf(spans).entries()) {
    expect(b).toBeGreaterThan(a);
    if (i > 0) expect(a).toBeGreaterThan(spans.end[i - 1]!);
  }
}

describe('against a bitmap', () => {
  test('union covers what any stretch covers', () =>
    fc.assert(
      fc.property(pairs, list => {
        const spans = spansOf(list);
        expectTidy(spans);
        expect(bitsOf(spans)).toEqual(bitmap(list));
      }),
    ));
  test('union keeps only what it is told to keep', () =>
    fc.assert(
      fc.property(pairs, list => {
        const sorted = list.toSorted((a, b) => a[0] - b[0]);
        const spans = union(
          sorted.map(p => p[0]),
          sorted.map(p => p[1]),
          i => i % 2 === 0,
        );
        expect(bitsOf(spans)).toEqual(bitmap(sorted.filter((_, i) => i % 2 === 0)));
      }),
    ));
  test('measure counts what is covered', () =>
    fc.assert(
      fc.property(pairs, list => {
        expect(measure(spansOf(list))).toBe(total(bitmap(list)));
      }),
    ));
  test('intersect covers what both cover', () =>
    fc.assert(
      fc.property(pairs, pairs, (a, b) => {
        const both = intersect(spansOf(a), spansOf(b));
        expectTidy(both);
        const other = bitmap(b);
        expect(bitsOf(both)).toEqual(bitmap(a).map((bit, t) => bit && other[t] === true));
      }),
    ));
  test('subtract covers what the first covers and the second does not', () =>
    fc.assert(
      fc.property(pairs, pairs, (a, b) => {
        const rest = subtract(spansOf(a), spansOf(b));
        expectTidy(rest);
        const other = bitmap(b);
        expect(bitsOf(rest)).toEqual(bitmap(a).map((bit, t) => bit && other[t] === false));
      }),
    ));
  test('complement covers the rest of the window and nothing outside it', () =>
    fc.assert(
      fc.property(pairs, fc.nat(LENGTH), fc.nat(LENGTH), (list, from, to) => {
        const rest = complement(spansOf(list), from, to);
        expectTidy(rest);
        expect(bitsOf(rest)).toEqual(bitmap(list).map((bit, t) => !bit && from <= t && t < to));
      }),
    ));
  test('coverage answers for any window', () =>
    fc.assert(
      fc.property(pairs, fc.nat(LENGTH), fc.nat(LENGTH), (list, from, to) => {
        expect(coverage(spansOf(list))(from, to)).toBe(total(bitmap(list).map((bit, t) => bit && from <= t && t < to)));
      }),
    ));
});

describe('laws', () => {
  test('what two have in common and what only the first has make up the first', () =>
    fc.assert(
      fc.property(pairs, pairs, (a, b) => {
        const [x, y] = [spansOf(a), spansOf(b)];
        expect(measure(intersect(x, y)) + measure(subtract(x, y))).toBe(measure(x));
      }),
    ));
  test('intersect does not mind the order', () =>
    fc.assert(
      fc.property(pairs, pairs, (a, b) => {
        expect(intersect(spansOf(a), spansOf(b))).toEqual(intersect(spansOf(b), spansOf(a)));
      }),
    ));
});

describe('edges', () => {
  test('stretches that touch become one', () =>
    expect(
      pairsOf(
        spansOf([
          [0, 5],
          [5, 9],
        ]),
      ),
    ).toEqual([[0, 9]]));
  test('empty and negative stretches are dropped', () =>
    expect(
      pairsOf(
        spansOf([
          [3, 3],
          [9, 4],
        ]),
      ),
    ).toEqual([]));
  test('a stretch inside another does not shorten it', () =>
    expect(
      pairsOf(
        spansOf([
          [0, 10],
          [2, 3],
        ]),
      ),
    ).toEqual([[0, 10]]));
  test('stretches that touch have nothing in common', () => expect(intersect(spansOf([[0, 5]]), spansOf([[5, 9]])).n).toBe(0));
  test('nothing taken from nothing is nothing', () => expect(subtract(NO_SPANS, spansOf([[0, 5]]))).toEqual(NO_SPANS));
  test('a window that ends before it begins holds nothing', () => expect(complement(spansOf([[0, 5]]), 9, 4).n).toBe(0));
  test('epoch-sized times keep their nanoseconds', () => {
    const t = 2 ** 52;
    expect(
      measure(
        spansOf([
          [t, t + 1],
          [t + 3, t + 7],
        ]),
      ),
    ).toBe(5);
  });
});

describe('order', () => {
  const values = fc.array(fc.nat(10), { maxLength: 20 });
  test('ascendingOrder sorts and leaves equals as they stand', () =>
    fc.assert(
      fc.property(values, list => {
        const order = [...ascendingOrder(list)];
        const expected = list.map((v, i) => ({ v, i })).toSorted((a, b) => a.v - b.v || a.i - b.i);
        expect(order).toEqual(expected.map(e => e.i));
      }),
    ));
  test('isAscending allows equals', () =>
    expect([isAscending([1, 1, 2]), isAscending([2, 1]), isAscending([])]).toEqual([true, false, true]));
  test('upperBound is the first greater value', () =>
    fc.assert(
      fc.property(values, fc.nat(12), (list, x) => {
        const sorted = list.toSorted((a, b) => a - b);
        const expected = sorted.findIndex(v => v > x);
        expect(upperBound(sorted, x)).toBe(expected < 0 ? sorted.length : expected);
      }),
    ));
  test('mergeAscending visits each element once, in order; equals by list, then as they stand', () =>
    fc.assert(
      fc.property(fc.array(values, { maxLength: 4 }), lists => {
        const seen: (readonly [number, number])[] = [];
        mergeAscending(lists, (list, index) => seen.push([list, index]));
        const all = lists.flatMap((list, l) => list.map((v, i) => ({ v, l, i })));
        expect(seen).toEqual(all.toSorted((a, b) => a.v - b.v || a.l - b.l || a.i - b.i).map(({ l, i }) => [l, i]));
      }),
    ));
});
