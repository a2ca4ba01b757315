import { describe, expect, test } from 'vitest';
import { hostCalls, laneOps } from '#test/lane-sample';
import { lostCalls } from './lost-calls.ts';

const N = 300;
/** Launches each 10 ns from `from` on, of which only those that `has` says left a call; the work of each follows it. */
const trace = (has: (i: number) => boolean, from = 0) => {
  const ids = Array.from({ length: N }, (_, i) => i + 1);
  const calls = ids.filter(has).map(id => ({ start: id * 10, end: id * 10 + 5, name: 'cudaLaunchKernel', id }));
  return lostCalls(laneOps(ids.map(id => ({ start: from + id * 10 + 6, end: from + id * 10 + 8, id }))), hostCalls(calls));
};

describe('work that nobody launched', () => {
  test('is in no whole trace', () => expect(trace(() => true)).toBeUndefined());
  test('may be one operation in a hundred', () => expect(trace(i => i !== 50 && i !== 150 && i !== 250)).toBeUndefined());
  test('beyond that tells of calls that were lost', () => expect(trace(i => i % 2 === 1)).toEqual({ n: N, unlaunched: N / 2 }));
  test('was launched before the first call of its process: the trace began later', () => expect(trace(i => i > N / 2)).toBeUndefined());
  test('of a process without any call tells nothing', () => expect(trace(() => false)).toBeUndefined());
});
