import { expect, test } from 'vitest';
import type { Activity } from '#trace/events/host-categories';
import type { Loss } from './loss.ts';
import { ownWaits } from './own-waits.ts';

const threads = [1, 1, 2].map((process, tid) => ({ process, pid: process, tid }));
const led = (root: number, activity: Activity): Loss => ({
  kind: 'starved',
  start: 0,
  end: 100,
  gap: {
    start: 0,
    end: 100,
    thread: 0,
    byActivity: new Map(),
    firstSeen: false,
    codeFollows: false,
    contended: false,
    afterNeedlessSync: false,
    endedBy: 1,
  },
  activity,
  call: 'cudaMemcpyAsync',
  root,
  via: [{ thread: 0, call: 'sem_wait', rule: 'late' }],
  bound: 'sure',
});
const PEERS = new Set([2]);

test('a wait that leads to a peer in a CUDA call is the own thread’s again', () =>
  expect(ownWaits([led(2, 'copy')], threads, PEERS)).toMatchObject([{ root: 0, activity: 'wait', call: 'sem_wait', via: [] }]));

test.each<[number, Activity]>([
  [2, 'own-code'],
  [2, 'storage'],
  [1, 'copy'],
])('a wait that leads to thread %s in %s stays', (root, activity) => {
  const loss = led(root, activity);
  expect(ownWaits([loss], threads, PEERS)[0]).toBe(loss);
});
