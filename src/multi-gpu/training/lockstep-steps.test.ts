import { expect, test } from 'vitest';
import { together } from './lockstep-steps.ts';
import { stepsFrom } from './step-cuts.ts';

const steps = (first: number, length: number, n: number) =>
  stepsFrom(
    Array.from({ length: n + 1 }, (_, i) => first + i * length),
    new Float64Array(0),
  );

test('ranks that step together are put side by side, by their clocks', () => {
  const { lockstep, groups } = together([steps(0, 100, 20), steps(1_010, 100, 19)], [0, -1_000]);
  expect(lockstep).toBe(true);
  expect(groups[3]).toEqual([3, 3]);
  expect(groups).toHaveLength(20);
});

test('one that the other rank does not hold has no partner', () =>
  expect(together([steps(0, 100, 20), steps(100, 100, 19)], [0, 0]).groups[0]).toEqual([0, undefined]));

test('ranks that go their own way are judged each by itself', () => {
  const { lockstep, groups } = together([steps(0, 100, 20), steps(0, 170, 12)], [0, 0]);
  expect(lockstep).toBe(false);
  expect(groups).toHaveLength(32);
  expect(groups[0]).toEqual([0, undefined]);
});
