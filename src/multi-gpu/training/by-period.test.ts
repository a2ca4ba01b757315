import { expect, test } from 'vitest';
import { periodOf } from './by-period.ts';

const repeat = (step: readonly number[], times: number) =>
  Int32Array.from({ length: step.length * times }, (_, k) => step[k % step.length] ?? 0);

test.each([
  [[1, 2, 3, 4, 5], 5],
  // Layers repeat within a step.
  [[1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4], 12],
  [[7, 7, 7, 7, 8], 5],
])('%j has period %i', (step, period) => expect(periodOf(repeat(step, 12))).toBe(period));

test('a step that differs now and then hides no period', () => {
  const sequence = repeat([1, 2, 3, 4, 5, 6, 7, 8], 40);
  sequence[100] = 99;
  expect(periodOf(sequence)).toBe(8);
});

test('what does not repeat has none', () => {
  expect(periodOf(Int32Array.from({ length: 200 }, (_, k) => (k * k * 7919) % 101))).toBeUndefined();
  expect(periodOf(repeat([1, 2, 3, 4, 5], 3))).toBeUndefined();
});
