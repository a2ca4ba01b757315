import { describe, expect, test } from 'vitest';
import { hostCalls, type LaneOp, laneOps, type ThreadCall } from '#test/lane-sample';
import { isMissing, type LaunchCount, launchCounts, missingLaunches } from './launches.ts';

const call = (id: number, name: string, facts: Partial<ThreadCall> = {}) => ({ start: id * 10, end: id * 10 + 5, name, id, ...facts });
const op = (id: number, facts: Partial<LaneOp> = {}) => ({ start: id * 10 + 6, end: id * 10 + 8, id, ...facts });
const LAST = 9000;
/** Of a trace that ends with a fill that was recorded: what was launched before it was not queued any more. */
const counts = (ops: readonly LaneOp[], calls: readonly ThreadCall[]) =>
  launchCounts(laneOps([...ops, op(LAST, { kind: 'memset' })]), hostCalls([...calls, call(LAST, 'cudaMemsetAsync')])).filter(
    c => c.kind !== 'fill',
  );

test('a launch whose operation is in the trace was recorded, one without was not, each by its kind', () =>
  expect(
    counts(
      [op(1), op(3, { kind: 'graph' }), op(5, { kind: 'copy' })],
      [
        call(1, 'cudaLaunchKernel'),
        call(2, 'cuLaunchKernelEx'),
        call(3, 'cudaGraphLaunch'),
        call(4, 'cuGraphLaunch'),
        call(5, 'cudaMemcpyAsync'),
      ],
    ),
  ).toEqual([
    { kind: 'kernel', n: 2, unrecorded: 1 },
    { kind: 'graph', n: 2, unrecorded: 1 },
    { kind: 'copy', n: 1, unrecorded: 0 },
  ]));
test('fills are counted too', () =>
  expect(launchCounts(laneOps([op(2)]), hostCalls([call(1, 'cudaMemsetAsync'), call(2, 'cudaLaunchKernel')]))).toEqual([
    { kind: 'kernel', n: 1, unrecorded: 0 },
    { kind: 'fill', n: 1, unrecorded: 1 },
  ]));
test('what launches nothing on a GPU is not counted', () =>
  expect(counts([], [call(1, 'cudaLaunchHostFunc'), call(2, 'cudaStreamSynchronize')])).toEqual([]));
test('a driver’s launch inside a runtime’s is the same launch, with work if either has', () =>
  expect(counts([op(2)], [call(1, 'cudaLaunchKernel', { end: 30 }), call(2, 'cuLaunchKernel'), call(3, 'cudaLaunchKernel')])).toEqual([
    { kind: 'kernel', n: 2, unrecorded: 1 },
  ]));
test('while a thread captures a graph its launches run nothing; another thread’s do', () =>
  expect(
    counts(
      [],
      [
        call(1, 'cudaStreamBeginCapture'),
        call(2, 'cudaLaunchKernel'),
        call(3, 'cudaLaunchKernel', { thread: 1 }),
        call(4, 'cudaStreamEndCapture'),
        call(5, 'cudaLaunchKernel'),
      ],
    ),
  ).toEqual([{ kind: 'kernel', n: 2, unrecorded: 2 }]));
describe('at the end of a trace', () => {
  const launched = (n: number) => Array.from({ length: n }, (_, i) => call(i + 1, 'cudaLaunchKernel'));
  const counted = (n: number) => launchCounts(laneOps([op(1)]), hostCalls(launched(n)))[0];
  test('the work of a full queue lies beyond it', () => expect(counted(1 + 2048)).toEqual({ kind: 'kernel', n: 1, unrecorded: 0 }));
  test('each stream has a queue', () =>
    expect(launchCounts(laneOps([op(1), op(2, { stream: 8 })]), hostCalls(launched(2 + 2049)))[0]).toEqual({
      kind: 'kernel',
      n: 2,
      unrecorded: 0,
    }));
  test('more was lost', () => expect(counted(1 + 2049)).toEqual({ kind: 'kernel', n: 2, unrecorded: 1 }));
});
test('a launch in a call of another kind is a launch of its own', () =>
  expect(counts([op(2)], [call(1, 'cudaMemcpyAsync', { end: 30 }), call(2, 'cudaLaunchKernel')])).toEqual([
    { kind: 'kernel', n: 1, unrecorded: 0 },
    { kind: 'copy', n: 1, unrecorded: 1 },
  ]));
test('what was launched before the session began is not expected to be there', () =>
  expect(counts([], [call(-1, 'cudaLaunchKernel'), call(0, 'cudaLaunchKernel')])).toEqual([{ kind: 'kernel', n: 1, unrecorded: 1 }]));

const missing = (n: number, unrecorded: number): LaunchCount => ({ kind: 'graph', n, unrecorded });
test('two launches, or one in a hundred, are without work in any trace; more are missing', () =>
  expect([missing(10, 2), missing(10, 3), missing(1000, 10), missing(1000, 11)].map(isMissing)).toEqual([false, true, false, true]));

describe('kinds that are missing', () => {
  const missingOf = (withWork: number, without: number) => {
    const calls = Array.from({ length: withWork + without }, (_, i) => call(i + 1, 'cudaLaunchKernel'));
    const ops = Array.from({ length: withWork }, (_, i) => op(without + i + 1));
    return missingLaunches(laneOps(ops), hostCalls(calls));
  };
  test('are those of which more than a few are', () => {
    expect(missingOf(10, 2)).toEqual([]);
    expect(missingOf(10, 3)).toEqual([{ kind: 'kernel', n: 13, unrecorded: 3 }]);
  });
  test('are none where a closer look finds that nothing was to be expected', () => {
    const captured = [2, 3, 4, 5].map(id => call(id, 'cudaLaunchKernel'));
    const calls = [call(1, 'cudaStreamBeginCapture'), ...captured, call(6, 'cudaStreamEndCapture'), call(7, 'cudaLaunchKernel')];
    expect(missingLaunches(laneOps([op(7)]), hostCalls(calls))).toEqual([]);
  });
});
