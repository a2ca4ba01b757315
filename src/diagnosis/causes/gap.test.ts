import { expect, test } from 'vitest';
import { isMainly, observed, starvedBy } from './gap.ts';
import { gapOf, MS, queued, starved } from './losses.test-data.ts';

test('what was observed of a gap is the sum over all activities', () => {
  expect(observed(gapOf({ wait: 3, 'own-code': 4 }))).toBe(7);
});

test('a gap is mainly what fills half of it, and no longer so just below', () => {
  expect(isMainly(gapOf({ wait: 50, 'own-code': 50 }), 'wait')).toBe(true);
  expect(isMainly(gapOf({ wait: 49, 'own-code': 51 }), 'wait')).toBe(false);
});

test('own code between reads belongs to the reading when reads hold a third of the time that the thread was awake', () => {
  const between = (storage: number, wait = 0) => starved('own-code', '', gapOf({ storage, 'own-code': 300 - storage, wait }));
  expect(starvedBy(between(100), 'storage')).toBe(true);
  expect(starvedBy(between(99), 'storage')).toBe(false);
  expect(starvedBy(between(100, 10_000), 'storage')).toBe(true);
});

test('own code between waits is its own, however long they are', () => {
  expect(starvedBy(starved('own-code', '', gapOf({ wait: 99, 'own-code': 1 })), 'wait')).toBe(false);
});

test('a stretch in another call keeps its own activity, whatever fills the rest of the gap', () => {
  expect(starvedBy(starved('launch', 'cudaLaunchKernel', gapOf({ storage: 90, launch: 10 })), 'storage')).toBe(false);
});

test('a stretch in the activity counts however little of the gap it is', () => {
  expect(starvedBy(starved('storage', 'read', gapOf({ storage: 1, 'own-code': MS })), 'storage')).toBe(true);
});

test('only starvation is anybody’s activity', () => expect(starvedBy(queued(MS, true), 'wait')).toBe(false));
