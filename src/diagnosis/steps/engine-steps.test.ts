import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { realAt } from '#core/columns';
import { spansOf } from '#core/math/spans';
import type { Cause } from '#schema/causes';
import { engineStepsOf, lost, MS, stepEndsOf } from '#test/attribution-sample';
import { BUCKETS, type Bucket } from './buckets.ts';
import { findEngineSteps } from './engine-steps.ts';

const inBucket = (engineSteps: ReturnType<typeof engineStepsOf>, bucket: Bucket) =>
  [...(engineSteps.buckets[BUCKETS.indexOf(bucket)] ?? [])].map(t => t / MS);
const lengths = (engineSteps: ReturnType<typeof engineStepsOf>) => [...engineSteps.duration].map(t => t / MS);

describe('where engineSteps are cut', () => {
  test('at each result, from the window’s start to its end', () => {
    const engineSteps = engineStepsOf(stepEndsOf(10, { 4: 3 }));
    expect(lengths(engineSteps)).toEqual([1, 1, 1, 1, 4, 1, 1, 1, 1, 1]);
    expect([engineSteps.start[0], engineSteps.end.at(-1)]).toEqual([0, 13 * MS]);
  });
  test('several arrays read back at the end of one step are one result, at the last of them', () => {
    const steps = Array.from({ length: 20 }, (_, i) => (i + 1) * MS);
    const stepEnds = Float64Array.from(steps.flatMap(t => [t - 20_000, t - 10_000, t]));
    const end = 20.5 * MS;
    const engineSteps = findEngineSteps(stepEnds, [], spansOf([[0, end]]), 0, end);
    expect([...engineSteps!.end]).toEqual([...steps, end]);
  });
  test('short steps among long ones stay steps of their own', () => {
    const engineSteps = engineStepsOf(stepEndsOf(40, Object.fromEntries(Array.from({ length: 20 }, (_, i) => [2 * i, 4]))));
    expect(engineSteps.n).toBe(40);
  });
  test('results outside the window cut nothing', () => {
    const engineSteps = findEngineSteps(
      Float64Array.from([-5, 1, 2, 3, 4, 5, 6, 7, 8, 99], b => b * MS),
      [],
      spansOf([[0, 9 * MS]]),
      0,
      9 * MS,
    );
    expect(engineSteps?.n).toBe(9);
  });
});

describe('time without demand', () => {
  test('is in no step', () => {
    const engineSteps = engineStepsOf(
      stepEndsOf(10, { 4: 3 }),
      [],
      spansOf([
        [0, 4.5 * MS],
        [7.5 * MS, 13 * MS],
      ]),
    );
    expect(lengths(engineSteps)[4]).toBe(1);
  });
  test('makes no loss either', () => {
    const engineSteps = engineStepsOf(
      stepEndsOf(10, { 4: 3 }),
      [lost(4, 8, 'host-blocked')],
      spansOf([
        [0, 4 * MS],
        [7 * MS, 13 * MS],
      ]),
    );
    expect(inBucket(engineSteps, 'host-blocked')[4]).toBe(1);
  });
  test('does not lower what a normal step takes', () => {
    const stepEnds = stepEndsOf(60);
    const engineSteps = engineStepsOf(stepEnds, [], spansOf([[0, 20 * MS]]));
    expect(engineSteps.normal.duration.median).toBe(MS);
  });
});

test('four engineSteps with demand say nothing about what is normal, five do', () => {
  const cut = (to: number) => findEngineSteps(stepEndsOf(20), [], spansOf([[0, to * MS]]), 0, 20 * MS);
  expect(cut(4)).toBeUndefined();
  expect(cut(5)?.end).toHaveLength(20);
});

describe('what the time of a step is divided into', () => {
  test('each loss to its cause, the rest to work', () => {
    const engineSteps = engineStepsOf(stepEndsOf(10, { 4: 3 }), [
      lost(4.5, 6.5, 'storage-io'),
      lost(6.5, 7, 'host-compute'),
      lost(7, 7.5, undefined),
    ]);
    expect(inBucket(engineSteps, 'storage-io')[4]).toBe(2);
    expect(inBucket(engineSteps, 'host-compute')[4]).toBe(0.5);
    expect(inBucket(engineSteps, 'unattributed')[4]).toBe(0.5);
    expect(inBucket(engineSteps, 'work')[4]).toBe(1);
  });
  test('a loss over several engineSteps is shared out between them', () => {
    expect(inBucket(engineStepsOf(stepEndsOf(10), [lost(2.5, 5.25, 'paging')]), 'paging')).toEqual([0, 0, 0.5, 1, 1, 0.25, 0, 0, 0, 0]);
  });
  test('a slow kernel that nothing accounts for is more work', () => {
    const slow = {
      kind: 'slow',
      start: 4 * MS,
      end: 6 * MS,
      normal: MS,
      foreignShare: 0,
      slowAround: 0,
      isGraph: false,
      byClock: false,
    } as const;
    const engineSteps = engineStepsOf(stepEndsOf(10, { 4: 3 }), [{ ...lost(4, 6, undefined), loss: slow }]);
    expect([inBucket(engineSteps, 'work')[4], inBucket(engineSteps, 'unattributed')[4]]).toEqual([4, 0]);
  });
  test('the longest single stretch of computing is kept apart: many short ones are none', () => {
    const many = Array.from({ length: 8 }, (_, i) => lost(4 + i * 0.5, 4.25 + i * 0.5, 'host-compute'));
    expect(realAt(engineStepsOf(stepEndsOf(10, { 4: 3 }), many).longestStretch.get('host-compute'), 4) / MS).toBe(0.25);
  });
});

test('whatever was lost, the buckets of a step add up to its time', () => {
  const cause = fc.constantFrom<Cause | undefined>('host-compute', 'storage-io', 'gpu-contention', undefined);
  const step = fc.record({
    longer: fc.integer({ min: 0, max: 5 }),
    gap: fc.integer({ min: 0, max: 9 }),
    length: fc.integer({ min: 1, max: 30 }),
    cause,
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 6, maxLength: 40 }), list => {
      const stepEnds = stepEndsOf(list.length, Object.fromEntries(list.map((p, i) => [i, p.longer])));
      let at = 0;
      const losses = list.flatMap(p => {
        const from = at + p.gap / 10;
        at = from + p.length / 10;
        return at * MS <= (stepEnds.at(-1) ?? 0) ? [lost(from, at, p.cause)] : [];
      });
      const engineSteps = engineStepsOf(stepEnds, losses);
      for (let i = 0; i < engineSteps.n; i++) {
        const sum = engineSteps.buckets.reduce((s, b) => s + (b[i] ?? 0), 0);
        expect(Math.abs(sum - engineSteps.duration[i]!)).toBeLessThan(1);
        for (const b of engineSteps.buckets) expect(b[i]).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('a step is in use since somebody was last in flight without a break until its end', () => {
  // Steps of a millisecond; the ninth ends at 9 ms.
  const since = (...inFlight: readonly (readonly [number, number])[]) =>
    engineStepsOf(stepEndsOf(20), [], spansOf([...inFlight.map(([a, b]) => [a * MS, b * MS] as const), [10 * MS, 20 * MS]])).inUse[8]! / MS;
  expect(since([0, 10])).toBe(8);
  expect(since([8.6, 9.5])).toBe(8.6);
  // Who is served when the step begins waits for nothing in it.
  expect(since([0, 8.1], [8.6, 9.5])).toBe(8.6);
  expect(since([0, 8.2], [8.4, 8.7])).toBe(8.4);
  expect(since([0, 7])).toBe(8);
});
