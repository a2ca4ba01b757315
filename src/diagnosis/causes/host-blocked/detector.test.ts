import { describe, expect, test } from 'vitest';
import { contextOf, gapOf, queued, starved, unknown } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0]) => detector.attributeLoss?.(loss, contextOf());

describe('clear', () => {
  test('a thread in its own code', () => expect(attribution(starved('own-code'))).toBeUndefined());
  test('a thread in its own code between waits: who waits computes nothing, and who computes does not wait', () =>
    expect(attribution(starved('own-code', '', gapOf({ wait: 99, 'own-code': 1 })))).toBeUndefined());
  test('a thread that reads a file', () => expect(attribution(starved('storage', 'read'))).toBeUndefined());
  test('queued work', () => expect(attribution(queued(1, false))).toBeUndefined());
  test('a gap without a launch record', () => expect(attribution(unknown)).toBeUndefined());
});

test('found: a starved thread in a wait, by its call', () => {
  expect(attribution(starved('wait', 'clock_nanosleep'))).toEqual({ subject: 'clock_nanosleep', confidence: 'high' });
});

test('without calls into the operating system it cannot tell', () => expect(detector.needs).toContain('os_call'));
