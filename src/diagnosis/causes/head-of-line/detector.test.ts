import { expect, test } from 'vitest';
import { contextOf, MS, queued, work } from '../losses.test-data.ts';
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

test('work that an event made wait for a kernel of another stream of the process: that kernel', () => {
  const behind = { op: 3, stream: 14, what: 'work' } as const;
  expect(detector.attributeLoss?.(queued(MS, false, { behind }), contextOf())).toEqual({
    subject: 'kernel 3 on stream 14',
    confidence: 'high',
  });
  expect(detector.attributeLoss?.(queued(MS, true), contextOf())).toBeUndefined();
  // How much a collective carried, and whether a rank was late for it, is not known here.
  expect(detector.attributeLoss?.(queued(MS, false, { behind: { ...behind, what: 'collective' } }), contextOf())).toBeUndefined();
});
