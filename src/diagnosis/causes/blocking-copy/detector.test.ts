import { describe, expect, test } from 'vitest';
import { contextOf, copied, MS, queued, slow, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0]) => detector.attributeLoss?.(loss, contextOf());
const MIB = 2 ** 20;

describe('clear', () => {
  test.each([
    ['starved in own code', starved('own-code')],
    ['starved in a synchronisation', starved('sync', 'cudaStreamSynchronize')],
    ['queued behind others', queued(1e6, true)],
    ['a slow kernel', slow()],
  ])('%s is no copy', (_, loss) => expect(attribution(loss)).toBeUndefined());
});

describe('found', () => {
  test('a lane that does nothing but copy, for sure', () => {
    expect(attribution(copied(256 * MIB, 2, true))).toEqual({ subject: 'pageable device-to-host copy of 256 MiB', confidence: 'high' });
  });
  test('a copy of pinned memory is not called pageable', () => {
    expect(attribution(copied(64 * MIB, 1))?.subject).toBe('host-to-device copy of 64 MiB');
  });
  test('a starved thread in a copy call, with one step of inference', () => {
    expect(attribution(starved('copy', 'cudaMemcpyAsync'))).toEqual({ subject: 'cudaMemcpyAsync', confidence: 'medium' });
  });
  test.each([
    [1, 'host-to-device'],
    [2, 'device-to-host'],
    [8, 'device-to-device'],
    [9, 'host-to-host'],
    [10, 'peer-to-peer'],
    [99, 'memory'],
    [-1, 'memory'],
  ])('copy kind %i is a %s copy', (kind, words) => expect(attribution(copied(MIB, kind))?.subject).toBe(`${words} copy of 1 MiB`));
  test.each([
    [4, '4 bytes'],
    [2_000, '1.95 KiB'],
    [1.5 * MIB, '1.50 MiB'],
    [2 ** 31, '2 GiB'],
  ])('%i bytes read as sizes do elsewhere', (size, words) =>
    expect(attribution(copied(size, 2))?.subject).toBe(`device-to-host copy of ${words}`),
  );
});

test('copies of a checkpoint are called so', () => {
  const checkpoint = () => ({ start: 0, end: 1, bytes: 1, copies: 2 });
  expect(detector.attributeLoss?.(copied(256 * MIB, 2, true), contextOf({}, { checkpoint }))).toEqual({
    subject: 'checkpoint: copies to the host',
    confidence: 'high',
  });
});

test('work that an event made wait for a copy of another stream: that copy', () => {
  const behind = { op: 3, stream: 14, what: 'copy' } as const;
  expect(detector.attributeLoss?.(queued(MS, false, { behind }), contextOf())).toEqual({
    subject: 'host-to-device copy of 64 MiB on stream 14',
    confidence: 'high',
  });
  expect(detector.attributeLoss?.(queued(MS, false, { behind: { ...behind, what: 'work' } }), contextOf())).toBeUndefined();
});
