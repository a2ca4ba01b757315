import { describe, expect, test } from 'vitest';
import { hostCalls, type ThreadCall } from '#test/lane-sample';
import { doubtfulOsCalls } from './os-calls.ts';

const MS = 1e6;
const STEPS = 300;

/** A launch and, after it, a wait of 4 ms in each of 300 steps of 10 ms. @param moved by how much the waits are late @param until in which steps there are any */
function trace({ moved = 0, until = STEPS, other = false }: { moved?: number; until?: number; other?: boolean } = {}) {
  const calls: ThreadCall[] = [];
  for (let i = 0; i < STEPS; i++) {
    const t = i * 10 * MS;
    calls.push({ start: t, end: t + 0.1 * MS, name: 'cudaLaunchKernel', id: i });
    if (i < until) calls.push({ start: t + MS + moved, end: t + 5 * MS + moved, name: 'sem_wait', kind: 'os', thread: other ? 1 : 0 });
  }
  return doubtfulOsCalls(hostCalls(calls));
}

describe('calls into the operating system', () => {
  test('beside which no CUDA call is made are believed', () => expect(trace()).toBeUndefined());
  test('that were not recorded are nothing to doubt', () => expect(trace({ until: 0 })).toBeUndefined());
  test('in which CUDA calls of the same thread begin are not at their times', () =>
    expect(trace({ moved: 7 * MS })).toEqual({ why: 'order', n: STEPS, broken: STEPS - 1 }));
  test('of another thread may go on meanwhile', () => expect(trace({ moved: 7 * MS, other: true })).toBeUndefined());
  test('that end for good while launches go on were lost', () =>
    expect(trace({ until: STEPS / 2 })).toMatchObject({ why: 'end', end: 1495 * MS }));
  test('that pause at the end for no longer than before were not', () => expect(trace({ until: STEPS - 1 })).toBeUndefined());
  test('of which there are few may end at any time', () => expect(trace({ until: 12 })).toBeUndefined());
});
