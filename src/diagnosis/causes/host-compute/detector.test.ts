import { describe, expect, test } from 'vitest';
import type { Activity } from '#trace/events/host-categories';
import { contextOf, copied, queued, starved, unknown } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0], hasOsCalls = true) =>
  detector.attributeLoss?.(loss, contextOf({}, { hasOsCalls }));

describe('clear', () => {
  test.each<Activity>(['profiler', 'code', 'memory', 'sync', 'copy', 'storage', 'wait'])('a thread in %s', activity => {
    expect(attribution(starved(activity, 'call'))).toBeUndefined();
  });
  test.each([
    ['queued work', queued(1, false)],
    ['a copy', copied(1, 1)],
    ['a gap without a launch record', unknown],
  ])('%s', (_, loss) => expect(attribution(loss)).toBeUndefined());
});

describe('found', () => {
  test('a starved thread in its own code', () => {
    expect(attribution(starved('own-code'))).toEqual({ subject: 'its own code, between CUDA calls', confidence: 'high' });
  });
  test.each<Activity>(['launch', 'other-cuda', 'other-os'])('a starved thread around calls that explain nothing: %s', activity => {
    expect(attribution(starved(activity, 'someCall'))).toEqual({ subject: 'around someCall', confidence: 'high' });
  });
  test('with low confidence where waits were not recorded', () => expect(attribution(starved('own-code'), false)?.confidence).toBe('low'));
});
