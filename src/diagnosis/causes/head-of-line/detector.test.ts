import { expect, test } from 'vitest';
import { contextOf, MS, work } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (excess: number) =>
  detector.attributeWork?.(work({ excess, computing: 2 * MS + excess, slowLimit: 20 * MS, longestKernel: 'prefill_gemm' }), contextOf());

test('clear: work that is a little longer than normal', () => expect(attribution(MS)).toBeUndefined());

test('found: one step that alone makes a request slow, by its longest kernel', () => {
  expect(attribution(200 * MS)).toEqual({ subject: 'one long engine step, mostly prefill_gemm', confidence: 'high' });
});

test('the limit is the delay that makes a request slow', () => {
  expect(attribution(20 * MS)).toEqual({ confidence: 'high', subject: 'one long engine step, mostly prefill_gemm' });
  expect(attribution(20 * MS - 1)).toBeUndefined();
});

test('the larger half of what is beyond the usual is computing: else collectives may have been slow', () => {
  const computing = (ms: number) => detector.attributeWork?.(work({ excess: 200 * MS, computing: ms * MS, usual: 10 * MS }), contextOf());
  expect(computing(109.9)).toBeUndefined();
  expect(computing(110)).toBeDefined();
});

test('it never attributes a loss to itself: the device was busy', () => expect(detector.attributeLoss).toBeUndefined());
