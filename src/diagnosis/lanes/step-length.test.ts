import { expect, test } from 'vitest';
import { usualStep } from './step-length.ts';

const ends = (...times: number[]) => Float64Array.from(times);

test('a usual step is the median time between two results', () => expect(usualStep(ends(0, 10, 20, 90, 100))).toBe(10));
test('several arrays of one result make no step of their own', () =>
  expect(usualStep(Float64Array.from({ length: 60 }, (_, i) => 100 * Math.floor(i / 3) + (i % 3)))).toBe(98));
test('one result has no step', () => expect(usualStep(ends(5))).toBeNaN());
