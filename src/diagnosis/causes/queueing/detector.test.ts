import { expect, test } from 'vitest';
import { WAITING_CAUSE } from '#schema/causes';
import { contextOf, MS, work } from '../losses.test-data.ts';
import detector from './detector.ts';

test('clear: it never attributes a loss to itself, since in a loss the device did not do its normal work', () => {
  expect(detector.attributeLoss).toBeUndefined();
});

test('found: whatever work of others no other detector calls a fault', () => {
  expect(detector.attributeWork?.(work(), contextOf())).toEqual({ subject: 'normal work of other requests', confidence: 'medium' });
});

test('work that alone makes a request slow is not normal', () => {
  const asked = (excess: number) => detector.attributeWork?.(work({ excess, slowLimit: 20 * MS }), contextOf());
  expect(asked(20 * MS - 1)).toBeDefined();
  expect(asked(20 * MS)).toBeUndefined();
});

test('the wait for admission belongs to it, and it needs steps: without any, no wait can be told from work', () => {
  expect(WAITING_CAUSE).toBe(detector.cause);
  expect(detector.needs).toEqual(['kernel', 'requests', 'steps']);
});
