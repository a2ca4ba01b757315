import { expect, test } from 'vitest';
import { hostCalls, type LaneOp, laneOps } from '#test/lane-sample';
import { earlyEnds } from './early-ends.ts';

const S = 1e9;
/** Kernels of a process, one each 10 ms. */
const kernels = (pid: number, n: number, from = 0): LaneOp[] =>
  Array.from({ length: n }, (_, i) => ({ start: from + i * 1e7, end: from + i * 1e7 + 1e6, pid }));
const ends = (ops: readonly LaneOp[], calls: Parameters<typeof hostCalls>[0] = []) =>
  earlyEnds([{ ops: laneOps(ops), host: hostCalls(calls), offset: 0 }])[0] ?? [];

test('processes that are recorded to the end are in order', () => expect(ends([...kernels(1, 300), ...kernels(2, 300)])).toEqual([]));
test('one whose records end while another’s go on for longer than it was ever silent is named', () =>
  expect(ends([...kernels(1, 100), ...kernels(2, 300)])).toEqual([
    { process: 1, end: 0.991 * S, othersEnd: 2.991 * S, longestSilence: 0.01 * S },
  ]));
test('a process alone cannot end early', () => expect(ends(kernels(1, 100))).toEqual([]));
test('calls into CUDA are records too', () =>
  expect(ends([...kernels(1, 100), ...kernels(2, 300)], [{ start: 2.9 * S, end: 2.95 * S, name: 'cudaStreamSynchronize' }])).toEqual([]));
test('with fewer than a hundred records a pause may be its usual one', () =>
  expect(ends([...kernels(1, 99), ...kernels(2, 300)])).toEqual([]));
test('a process that was silent as long before may only pause', () => {
  const paused = [...kernels(1, 60), ...kernels(1, 60, 3 * S)];
  expect(ends([...paused, ...kernels(2, 600)]).length).toBe(0);
  expect(ends([...paused, ...kernels(2, 601)]).length).toBe(0);
  expect(ends([...paused, ...kernels(2, 610)]).length).toBe(1);
});
test('what the profiler needs to stop one process after another is no early end', () => {
  expect(ends([...kernels(1, 200), ...kernels(2, 300)])).toEqual([]);
  expect(ends([...kernels(1, 200), ...kernels(2, 301)]).map(e => e.process)).toEqual([1]);
});
test('ranks in traces of their own are laid beside one another, each told on its own clock', () => {
  const rank = (n: number, offset: number) => ({ ops: laneOps(kernels(1, n)), host: hostCalls([]), offset });
  expect(earlyEnds([rank(100, 0), rank(300, 0)]).map(e => e.length)).toEqual([1, 0]);
  // Its session began two seconds after the other's: both end together.
  expect(earlyEnds([rank(100, 2 * S), rank(300, 0)])).toEqual([[], []]);
  expect(earlyEnds([rank(300, 0), rank(300, 5 * S)])[0]).toMatchObject([{ end: 2.991 * S, othersEnd: 7.991 * S }]);
});
