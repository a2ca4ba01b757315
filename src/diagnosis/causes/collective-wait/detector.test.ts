import { expect, test } from 'vitest';
import type { LateWait } from '#diagnosis/lanes/late-wait';
import { contextOf, MS, queued, slow, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const wait: LateWait = { op: 4, ns: 90 * MS, rank: 'rank 1', cause: 'host-compute', why: '91.0 ms of the 91.2 ms: its own code' };
const attribution = (over: Partial<LateWait> = {}) =>
  detector.attributeLoss?.({ kind: 'spin', start: 0, end: 90 * MS, wait: { ...wait, ...over } }, contextOf());

test('clear: no other loss is a wait for a rank, however slow the kernel', () => {
  for (const loss of [slow({ slowAround: 1, foreignShare: 1 }), queued(MS, true), starved('wait', 'pthread_cond_wait')])
    expect(detector.attributeLoss?.(loss, contextOf())).toBeUndefined();
});

test('found: the late rank is named, with its own cause', () => {
  expect(attribution()).toEqual({ subject: 'rank 1 was late: host-compute (91.0 ms of the 91.2 ms: its own code)', confidence: 'high' });
});

test('a late rank whose own cause is not known is named all the same, less surely', () => {
  expect(attribution({ cause: 'unexplained', why: 'nothing accounts for it' })).toEqual({
    subject: 'rank 1 was late: unexplained (nothing accounts for it)',
    confidence: 'medium',
  });
});
