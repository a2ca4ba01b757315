import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Job, replay, workOf } from './lane-queue.ts';

const job = (ready: number, work: number, holdsUp = 0): Job => ({ ready, work, holdsUp });
const even = () => 1;
const dones = (jobs: readonly Job[], most: number, slowdown: (n: number) => number = even) =>
  replay(jobs, { most, slowdown }).map(s => s.done);

describe('a lane with one place', () => {
  test('is a queue of one server: each begins when it came and the one before is done', () => {
    expect(replay([job(0, 10), job(2, 10), job(30, 5)], { most: 1, slowdown: even })).toEqual([
      { admitted: 0, done: 10 },
      { admitted: 10, done: 20 },
      { admitted: 30, done: 35 },
    ]);
  });
  test('follows Lindley: done = max(ready, done before) + work', () => {
    const jobs = fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 100 })), { maxLength: 60 });
    fc.assert(
      fc.property(jobs, list => {
        const sorted = list.toSorted((a, b) => a[0] - b[0]);
        let last = Number.NEGATIVE_INFINITY;
        const expected = sorted.map(([ready, work]) => (last = Math.max(last, ready) + work));
        for (const [i, done] of dones(
          sorted.map(([r, w]) => job(r, w)),
          1,
        ).entries())
          expect(done).toBeCloseTo(expected[i] ?? 0, 6);
      }),
    );
  });
});

describe('a lane with several places', () => {
  test('lets the next in when one leaves', () =>
    expect(replay([job(0, 10), job(0, 30), job(5, 10)], { most: 2, slowdown: even })[2]).toEqual({ admitted: 10, done: 20 }));
  test('with room for all serves each in its own time', () => expect(dones([job(0, 10), job(3, 10)], 9)).toEqual([10, 13]));
  test('is held up by each prefill, the running ones as well as the new', () =>
    expect(dones([job(0, 10), job(4, 10, 3)], 9)).toEqual([13, 17]));
  test('does prefills one after the other', () => expect(dones([job(0, 1, 5), job(0, 2, 5)], 9)).toEqual([11, 12]));
  test('slows down with those that run', () => expect(dones([job(0, 10), job(0, 10)], 9, n => n)).toEqual([20, 20]));
});

test('the work of requests, replayed with their own admissions, gives their ends', () => {
  const given = fc.record({
    jobs: fc.uniqueArray(
      fc.record({
        ready: fc.integer({ min: 0, max: 500 }),
        work: fc.integer({ min: 1, max: 80 }),
        holdsUp: fc.integer({ min: 0, max: 9 }),
      }),
      { maxLength: 30, selector: j => j.ready },
    ),
    slope: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(given, ({ jobs: some, slope }) => {
      const slowdown = (n: number) => 1 + slope * (n - 1);
      // Odd fractions: who comes at the very moment at which another ends would run beside it or not by rounding alone.
      const jobs = some.map(j => ({ ...j, ready: j.ready * Math.SQRT2 }));
      const most = jobs.length + 1;
      const served = replay(jobs, { most, slowdown });
      const holdsUp = jobs.map(j => j.holdsUp);
      const work = workOf(served, holdsUp, slowdown);
      const again = replay(
        served.map(({ admitted }, i) => ({ ready: admitted, work: work[i] ?? 0, holdsUp: holdsUp[i] ?? 0 })),
        { most, slowdown },
      );
      for (const [i, { done }] of again.entries()) expect(done).toBeCloseTo(served[i]?.done ?? 0, 4);
    }),
  );
});
