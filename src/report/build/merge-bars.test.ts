import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimelineBar } from '#schema/incident-timeline';
import { mergeBars } from './merge-bars.ts';

const bar = (start_ms: number, length: number, name = 'gemm', kind: TimelineBar['kind'] = 'kernel'): TimelineBar => ({
  ...{ kind, name, operations: 1, start_ms, end_ms: start_ms + length, busy_ms: length },
});

test('what is far apart is not merged', () => {
  const tracks = [[bar(0, 1), bar(3, 1)], [bar(0, 2)]];
  expect(mergeBars(tracks, 1, 3)).toEqual(tracks);
});

test('short operations in a row become one bar that counts them; a wide gap is still seen, and a long one stands for itself', () => {
  const tracks = [[bar(0, 1), bar(1.5, 1), bar(3, 1, 'softmax'), bar(10, 1), bar(11, 20)]];
  expect(mergeBars(tracks, 1, 9)).toEqual([
    [{ kind: 'kernel', name: null, operations: 3, start_ms: 0, end_ms: 4, busy_ms: 3 }, bar(10, 1), bar(11, 20)],
  ]);
});

test('a merged bar has the kind that took most of its time, and the name that all share', () => {
  expect(mergeBars([[bar(0, 0.1, 'gemm', 'fill'), bar(0.2, 1), bar(1.2, 0.1, 'gemm', 'copy')]], 1, 9)).toEqual([
    [{ kind: 'kernel', name: 'gemm', operations: 3, start_ms: 0, end_ms: 1.3, busy_ms: 1.2000000000000002 }],
  ]);
});

test('however many there are, the limit holds and no operation is lost', () => {
  const bars = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 500 })), { maxLength: 300 })
    .map(list => list.toSorted((a, b) => a[0] - b[0]).map(([start, length]) => bar(start, length)));
  fc.assert(
    fc.property(fc.array(bars, { minLength: 1, maxLength: 3 }), tracks => {
      const merged = mergeBars(tracks, 1, 20);
      const operations = (all: readonly (readonly TimelineBar[])[]) => all.flat().reduce((n, b) => n + b.operations, 0);
      expect(merged.flat().length).toBeLessThanOrEqual(20);
      expect(operations(merged)).toBe(operations(tracks));
    }),
  );
});
