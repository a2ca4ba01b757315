import { describe, expect, test } from 'vitest';
import { contextOf, slow, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const claim = (loss: Parameters<NonNullable<typeof detector.claimLoss>>[0]) => detector.claimLoss?.(loss, contextOf());

describe('clear', () => {
  test('a kernel that is slow at full clock', () => expect(claim(slow({ slowAround: 1 }))).toBeUndefined());
  test('a starved lane', () => expect(claim(starved('own-code'))).toBeUndefined());
  test('a single long kernel under a lowered clock is a larger piece of work', () => {
    expect(claim(slow({ byClock: true, slowAround: 0 }))).toBeUndefined();
  });
});

test('found: the part that the lowered clock accounts for, by the reason bits', () => {
  expect(claim(slow({ byClock: true, slowAround: 1 }))).toEqual({ subject: 'software power cap', confidence: 'medium' });
});

test('half of the neighbours must be slow too', () => {
  expect(claim(slow({ byClock: true, slowAround: 0.5 }))).toBeDefined();
  expect(claim(slow({ byClock: true, slowAround: 0.49 }))).toBeUndefined();
});

test('without GPU samples it cannot tell', () => expect(detector.needs).toContain('gpu samples'));
