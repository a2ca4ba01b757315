import { describe, expect, test } from 'vitest';
import { queued } from '../losses.test-data.ts';
import detector from './detector.ts';

const asked = (length: number, foreign: boolean, hostFunction: string) =>
  detector.attributeLoss?.({ ...queued(length, foreign), hostFunction }, undefined as never);

describe('queued work', () => {
  test('behind a host function waited for it', () =>
    expect(asked(200_000, false, 'cudaLaunchHostFunc')).toEqual({ subject: 'cudaLaunchHostFunc', confidence: 'medium' }));
  test('with no host function before it did not', () => expect(asked(200_000, false, '')).toBeUndefined());
  test('while other work held the GPU waited for that', () => expect(asked(200_000, true, 'cudaLaunchHostFunc')).toBeUndefined());
  test('that began within a tenth of a millisecond waited for nothing', () => {
    expect(asked(99_999, false, 'cudaLaunchHostFunc')).toBeUndefined();
    expect(asked(100_000, false, 'cudaLaunchHostFunc')).toBeDefined();
  });
});
