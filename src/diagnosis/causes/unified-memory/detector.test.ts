import { describe, expect, test } from 'vitest';
import type { Loss } from '#diagnosis/lanes/loss';
import { contextOf, copied, MS, queued, slow, starved, unknown } from '../losses.test-data.ts';
import detector from './detector.ts';

/** Pages moved for so long in whatever stretch is asked about. */
const moving = (ns: number, bytes = 64 * 2 ** 20, faults = 0, toHostNs = 0) =>
  contextOf({}, { migrated: () => ({ ns, toHostNs, bytes, faults }) });
const attribution = (loss: Loss, context = moving(10 * MS)) => detector.attributeLoss?.(loss, context);
const MOVED = { subject: '64 MiB of managed memory moved', confidence: 'medium' };

describe('clear', () => {
  test('nothing moved', () => expect(attribution(slow(), contextOf())).toBeUndefined());
  test('a copy that the program made itself', () => expect(attribution(copied(64 * 2 ** 20, 1))).toBeUndefined());
  test('a thread in a call that names itself: a wait, an allocation, a copy', () =>
    expect((['wait', 'memory', 'copy', 'sync'] as const).map(a => attribution(starved(a)))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]));
  test('a thread in no call while pages go to the GPU: it does not wait for them', () =>
    expect(attribution(starved('own-code'))).toBeUndefined());
  test('queued work, and a gap that no launch ended: pages hold back what runs', () =>
    expect([queued(10 * MS, false), unknown].map(l => attribution(l))).toEqual([undefined, undefined]));
  test('the part of a slow kernel that the clock cost', () => expect(attribution(slow({ byClock: true }))).toBeUndefined());
});

describe('found', () => {
  test.each<[string, Loss]>([
    ['a slow kernel', slow()],
    ['a migration on the lane’s own stream', copied(64 * 2 ** 20, 11)],
  ])('%s', (_, loss) => expect(attribution(loss)).toEqual(MOVED));
  test('a gap in which the thread was in no call and pages went to the host: it touched them', () =>
    expect(attribution(starved('own-code'), moving(10 * MS, 64 * 2 ** 20, 0, 10 * MS))).toEqual(MOVED));
  test('page faults make it sure', () =>
    expect(attribution(slow(), moving(10 * MS, 0, 7))).toEqual({ subject: '7 page faults on managed memory', confidence: 'high' }));
  test('few bytes are told as bytes, beside faults', () =>
    expect(attribution(slow(), moving(10 * MS, 4096, 1))?.subject).toBe(
      '4096 bytes of managed memory moved, 1 page fault on managed memory',
    ));
  test('a slow kernel is asked about from its beginning: pages move before it can go on', () => {
    const asked: (readonly [number, number])[] = [];
    const context = contextOf({}, { migrated: (from, to) => void asked.push([from, to]) });
    attribution(slow({ start: 5 * MS, end: 7 * MS, normal: 4 * MS }), context);
    attribution(slow({ start: 5 * MS, end: 7 * MS, normal: Number.NaN }), context);
    expect(asked).toEqual([
      [MS, 7 * MS],
      [5 * MS, 7 * MS],
    ]);
  });
});

test('pages must have moved for half of what was lost', () => {
  expect(attribution(slow(), moving(MS))).toEqual(MOVED);
  expect(attribution(slow(), moving(MS - 1))).toBeUndefined();
  expect(attribution(starved('own-code'), moving(10 * MS, 64 * 2 ** 20, 0, 5 * MS))).toEqual(MOVED);
  expect(attribution(starved('own-code'), moving(10 * MS, 64 * 2 ** 20, 0, 5 * MS - 1))).toBeUndefined();
});
