import { describe, expect, test } from 'vitest';
import { contextOf, copied, MS, queued, slow, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0], context = contextOf()) =>
  detector.attributeLoss?.(loss, context);
const oneStream = contextOf({}, { oneStream: true });
const UNSEEN = 'work that this trace does not show (another process or container)';

describe('clear', () => {
  test('a starved lane waits for its own host', () => expect(attribution(starved('own-code'))).toBeUndefined());
  test('a copy', () => expect(attribution(copied(1, 1))).toBeUndefined());
  test('a single slow kernel among normal ones', () => expect(attribution(slow())).toBeUndefined());
  test('a long wait of queued work on a lane of several streams: they wait for each other', () => {
    expect(attribution(queued(50 * MS, false))).toBeUndefined();
  });
  test('a long wait of queued work on one stream that was made to wait for another stream', () => {
    const behind = { op: 3, stream: 14, what: 'collective' } as const;
    expect(attribution(queued(50 * MS, false, { behind }), oneStream)).toBeUndefined();
    expect(attribution(queued(50 * MS, false, { waitsUnseen: true }), oneStream)).toBeUndefined();
  });
  test('all kernels slow and nobody there, but clocks were not measured', () => {
    expect(attribution(slow({ slowAround: 1 }), contextOf({ clockLoss: () => undefined }))).toBeUndefined();
  });
  test('all kernels slow and nobody there, but the clock was down', () => {
    expect(attribution(slow({ slowAround: 1 }), contextOf({ clockLoss: () => 0.1 }))).toBeUndefined();
  });
});

describe('found', () => {
  test('queued behind other work, which is named', () => {
    expect(attribution(queued(MS, true))).toEqual({ subject: 'gemm on another process', confidence: 'high' });
  });
  test('a slow kernel with company, which is named', () => {
    expect(attribution(slow({ foreignShare: 1 }))).toEqual({ subject: 'gemm on another process', confidence: 'high' });
  });
  test('queued work of one stream that did not start, held back by something unseen', () => {
    expect(attribution(queued(2 * MS, false), oneStream)).toEqual({ subject: UNSEEN, confidence: 'low' });
  });
  test('all kernels slow at full clock with no company, slowed by something unseen', () => {
    expect(attribution(slow({ slowAround: 1 }))).toEqual({ subject: UNSEEN, confidence: 'low' });
  });
});

describe('both sides of each threshold', () => {
  test('company counts from a fifth of the kernel’s run', () => {
    expect(attribution(slow({ foreignShare: 0.2 }))).toEqual({ confidence: 'high', subject: 'gemm on another process' });
    expect(attribution(slow({ foreignShare: 0.19 }))).toBeUndefined();
  });
  test('work is held back from 100 us on', () => {
    expect(attribution(queued(100_000, false), oneStream)).toEqual({ subject: UNSEEN, confidence: 'low' });
    expect(attribution(queued(99_999, false), oneStream)).toBeUndefined();
  });
  test('something unseen slows at least half of the kernels around', () => {
    expect(attribution(slow({ slowAround: 0.5 }))).toEqual({ subject: UNSEEN, confidence: 'low' });
    expect(attribution(slow({ slowAround: 0.49 }))).toBeUndefined();
  });
  test('a little company is company: then nothing unseen is blamed', () => {
    expect(attribution(slow({ slowAround: 1, foreignShare: 0.1 }))).toBeUndefined();
  });
});
