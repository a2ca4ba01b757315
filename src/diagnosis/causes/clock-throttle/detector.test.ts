import { describe, expect, test } from 'vitest';
import { contextOf, copied, MS, queued, slow, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0], samples = {}) =>
  detector.attributeLoss?.(loss, contextOf(samples));

describe('clear', () => {
  test.each([
    ['a kernel that is slow beyond what the clock accounts for', slow({ slowAround: 1 })],
    ['work queued behind others that ran at their usual speed', queued(MS, true)],
    ['a starved lane', starved('own-code')],
    ['a copy', copied(1, 1)],
  ])('%s', (_, loss) => expect(attribution(loss)).toBeUndefined());
});

describe('found, by the reason bits', () => {
  test.each([
    ['the part of a kernel that the lowered clock accounts for', slow({ byClock: true })],
    ['the part of a wait for others that they took only because of it', { ...queued(MS, true), byClock: true }],
  ])('%s', (_, loss) => expect(attribution(loss)).toMatchObject({ subject: 'software power cap', confidence: 'medium' }));
  test('what a power cap takes follows from the work; what heat takes does not', () => {
    expect(attribution(slow({ byClock: true }))?.followsWork).toBe(true);
    expect(attribution(slow({ byClock: true }), { isPowerCapped: () => false })?.followsWork).toBe(false);
  });
});

test('without GPU samples it cannot tell', () => expect(detector.needs).toContain('gpu samples'));
