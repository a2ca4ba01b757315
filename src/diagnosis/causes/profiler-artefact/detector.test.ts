import { expect, test } from 'vitest';
import { contextOf, queued, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0]) => detector.attributeLoss?.(loss, contextOf());

test('clear: a thread in its own code, or work that was queued', () => {
  expect(attribution(starved('own-code'))).toBeUndefined();
  expect(attribution(queued(1, false))).toBeUndefined();
});

test('found: the profiler held the launching thread, by what it did', () => {
  expect(attribution(starved('profiler', 'CUPTI buffer flush'))).toEqual({ subject: 'CUPTI buffer flush', confidence: 'high' });
});
