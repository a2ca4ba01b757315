import { describe, expect, test } from 'vitest';
import { contextOf, gapOf, queued, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const claim = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0], busy = false) =>
  detector.attributeLoss?.(loss, contextOf({ diskBusy: () => busy }));
const between = (storage: number) => starved('own-code', '', gapOf({ storage, 'own-code': 100 - storage }));

describe('clear', () => {
  test('own code while the disks are busy for somebody else', () => expect(claim(starved('own-code'), true)).toBeUndefined());
  test('a wait', () => expect(claim(starved('wait', 'sem_wait'), true)).toBeUndefined());
  test('queued work', () => expect(claim(queued(1, false), true)).toBeUndefined());
});

describe('found', () => {
  test('a starved thread in a file operation, by that operation', () => {
    expect(claim(starved('storage', 'fsync'))).toEqual({ subject: 'fsync', confidence: 'medium' });
  });
  test('surer where the disk’s own counters agree', () => expect(claim(starved('storage', 'read'), true)?.confidence).toBe('high'));
});

test('code between file operations counts when they fill half of the gap', () => {
  expect(claim(between(50))).toEqual({ subject: 'between file operations', confidence: 'medium' });
  expect(claim(between(49))).toBeUndefined();
});
