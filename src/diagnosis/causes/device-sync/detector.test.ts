import { describe, expect, test } from 'vitest';
import { contextOf, gapOf, MS, queued, starved, work } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0]) => detector.attributeLoss?.(loss, contextOf());
const refill = (length: number, afterNeedlessSync: boolean) =>
  starved('own-code', '', gapOf({ 'own-code': length }, { afterNeedlessSync }));
const lockstep = (lockstepShare: number) => detector.attributeWork?.(work({ lockstepShare, longestKernel: 'axpy' }), contextOf());

describe('clear', () => {
  test('a short gap after a result was read back', () => expect(attribution(refill(MS / 2, false))).toBeUndefined());
  test('work that was queued', () => expect(attribution(queued(MS, false))).toBeUndefined());
  test('work that ran without being waited for', () => expect(lockstep(0)).toBeUndefined());
});

describe('found', () => {
  test('a thread that sits in a synchronisation while nothing is queued', () => {
    expect(attribution(starved('sync', 'cudaDeviceSynchronize'))).toEqual({ subject: 'cudaDeviceSynchronize', confidence: 'high' });
  });
  test('the moment in which the queue is refilled after a needless one', () => {
    expect(attribution(refill(MS / 2, true))).toEqual({ subject: 'queue refilled after a synchronisation', confidence: 'medium' });
  });
  test('work in lockstep with the host names the kernel that took most of it', () => {
    expect(lockstep(1)).toEqual({ subject: 'a synchronisation after each operation, mostly axpy', confidence: 'medium' });
  });
});

test('a queue is refilled within a millisecond; what takes longer has another reason', () => {
  expect(attribution(refill(MS - 1, true))).toEqual({ confidence: 'medium', subject: 'queue refilled after a synchronisation' });
  expect(attribution(refill(MS, true))).toBeUndefined();
});

test('lockstep begins where half of the operations were waited for', () => {
  expect(lockstep(0.5)).toEqual({ confidence: 'medium', subject: 'a synchronisation after each operation, mostly axpy' });
  expect(lockstep(0.49)).toBeUndefined();
});
