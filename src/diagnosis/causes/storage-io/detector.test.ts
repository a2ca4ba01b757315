import { describe, expect, test } from 'vitest';
import { contextOf, gapOf, queued, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0], busy = false) =>
  detector.attributeLoss?.(loss, contextOf({ diskBusy: () => busy }));
const between = (storage: number) => starved('own-code', '', gapOf({ storage, 'own-code': 300 - storage }));

describe('clear', () => {
  test('own code while the disks are busy for somebody else', () => expect(attribution(starved('own-code'), true)).toBeUndefined());
  test('a wait', () => expect(attribution(starved('wait', 'sem_wait'), true)).toBeUndefined());
  test('queued work', () => expect(attribution(queued(1, false), true)).toBeUndefined());
});

describe('found', () => {
  test('a starved thread in a file operation, by that operation', () => {
    expect(attribution(starved('storage', 'fsync'))).toEqual({ subject: 'fsync', confidence: 'medium' });
  });
  test('surer where the disk’s own counters agree', () => expect(attribution(starved('storage', 'read'), true)?.confidence).toBe('high'));
});

test('code between file operations counts when they fill a third of the time awake', () => {
  expect(attribution(between(100))).toEqual({ subject: 'its own code between two file operations', confidence: 'medium' });
  expect(attribution(between(99))).toBeUndefined();
});

test('what is done between copies and writes of a checkpoint is the writing of it', () => {
  const checkpoint = () => ({ start: 0, end: 1, bytes: 1, copies: 2 });
  const said = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0]) =>
    detector.attributeLoss?.(loss, contextOf({}, { checkpoint }));
  expect(said(starved('own-code'))).toEqual({ subject: 'checkpoint: serialising and writing', confidence: 'medium' });
  expect(said(starved('storage', 'close'))?.subject).toBe('checkpoint: serialising and writing');
  expect(said(starved('wait', 'sem_wait'))).toBeUndefined();
});
