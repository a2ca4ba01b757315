import { expect, test } from 'vitest';
import { contextOf, MS, work } from '../losses.test-data.ts';
import detector from './detector.ts';

const claim = (excess: number) =>
  detector.attributeWork?.(work({ excess, slowLimit: 20 * MS, longestKernel: 'prefill_gemm' }), contextOf());

test('clear: work that is a little longer than normal', () => expect(claim(MS)).toBeUndefined());

test('found: one piece that alone makes a request slow, by its longest kernel', () => {
  expect(claim(200 * MS)).toEqual({ subject: 'one long piece of work, mostly prefill_gemm', confidence: 'high' });
});

test('the limit is the delay that makes a request slow', () => {
  expect(claim(20 * MS)).toEqual({ confidence: 'high', subject: 'one long piece of work, mostly prefill_gemm' });
  expect(claim(20 * MS - 1)).toBeUndefined();
});

test('it never claims a loss: the device was busy', () => expect(detector.attributeLoss).toBeUndefined());
