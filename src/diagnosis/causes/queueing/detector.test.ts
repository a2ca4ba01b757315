import { expect, test } from 'vitest';
import { WAITING_CAUSE } from '#schema/causes';
import { contextOf, work } from '../losses.test-data.ts';
import detector from './detector.ts';

test('clear: it never claims a loss, since in a loss the device did not do its normal work', () => {
  expect(detector.attributeLoss).toBeUndefined();
});

test('found: whatever work of others no other detector calls a fault', () => {
  expect(detector.attributeWork?.(work(), contextOf())).toEqual({ subject: 'normal work of other requests', confidence: 'medium' });
});

test('it also claims the wait for admission, and needs steps: without any, no wait can be told from work', () => {
  expect(WAITING_CAUSE).toBe(detector.cause);
  expect(detector.needs).toEqual(['requests', 'steps']);
});
