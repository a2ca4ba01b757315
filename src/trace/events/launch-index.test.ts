import fc from 'fast-check';
import { expect, test } from 'vitest';
import { launchIndex } from './launch-index.ts';

interface Call {
  readonly process: number;
  readonly id: number;
  readonly start: number;
}

const indexOf = (calls: readonly Call[], processes = 3) =>
  launchIndex(
    {
      process: Int32Array.from(calls, c => c.process),
      correlation: Int32Array.from(calls, c => c.id),
      start: Float64Array.from(calls, c => c.start),
    },
    processes,
  );

/** The first to begin of those with these ids; of equals the one that stands first. */
const searched = (calls: readonly Call[], process: number, id: number) =>
  calls.reduce((best, c, i) => (c.process === process && c.id === id && (best < 0 || c.start < calls[best]!.start) ? i : best), -1);

/** Ids side by side, and ids anywhere in 32 bits: these are found by bisection. */
const ids = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
const calls = fc.array(fc.record({ process: fc.nat(2), id: ids, start: fc.nat(5) }), { maxLength: 40 });

test('finds the first call of each process and id, whatever the range of the ids', () =>
  fc.assert(
    fc.property(calls, list => {
      const find = indexOf(list);
      for (const { process, id } of list)
        for (const [p, c] of [[process, id] as const, [(process + 1) % 3, id] as const, [process, id + 1] as const])
          expect(find(p, c)).toBe(searched(list, p, c));
    }),
  ));
test('ids that begin late and lie close together are found, and none beside them', () => {
  const find = indexOf(Array.from({ length: 2000 }, (_, k) => ({ process: 0, id: 1_000_000 + 3 * k, start: k })));
  expect([find(0, 1_000_000), find(0, 1_000_003), find(0, 1_005_997)]).toEqual([0, 1, 1999]);
  expect([find(0, 999_999), find(0, 1_000_001), find(0, 1_005_998), find(0, 5)]).toEqual([-1, -1, -1, -1]);
});
test('a process that made no call has none', () =>
  expect([indexOf([])(0, 1), indexOf([])(-1, 1), indexOf([], 0)(7, 1)]).toEqual([-1, -1, -1]));
