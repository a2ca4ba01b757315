import { expect, test } from 'vitest';
import { contextOf, MS, work } from '../losses.test-data.ts';
import detector from './detector.ts';

const preempted = (n: number) => contextOf({ preempted: () => n });

test('clear: work that came while nobody was preempted, and any loss: the GPU computes again what was lost', () => {
  expect(detector.attributeWork?.(work(), preempted(0))).toBeUndefined();
  expect(detector.attributeLoss).toBeUndefined();
});
test('found: work beyond the usual while requests were preempted, one or several', () => {
  expect(detector.attributeWork?.(work(), preempted(1))).toEqual({
    subject: '1 running request preempted and computed again',
    confidence: 'medium',
  });
  expect(detector.attributeWork?.(work(), preempted(3))?.subject).toBe('3 running requests preempted and computed again');
});
test('the step itself is asked about', () => {
  const context = contextOf({ preempted: (from, to) => (from === MS && to === 9 * MS ? 1 : 0) });
  expect(detector.attributeWork?.(work({ start: MS, end: 9 * MS }), context)).toBeDefined();
});
test('without counters of the engine nobody can tell', () => expect(detector.needs).toContain('engine counters'));
