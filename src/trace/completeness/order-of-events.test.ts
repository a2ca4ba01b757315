import { describe, expect, test } from 'vitest';
import { hostCalls, type LaneOp, laneOps, readBack, type ThreadCall } from '#test/lane-sample';
import { disorders } from './order-of-events.ts';

const MS = 1e6;
const STEPS = 40;

/** Steps of 10 ms: a kernel, a copy of its result to the host, and a wait for that. */
function trace(moved: { readonly kernels?: number; readonly copies?: number; readonly calls?: number } = {}) {
  const { kernels = 0, copies = 0, calls = 0 } = moved;
  const ops: LaneOp[] = [];
  const host: ThreadCall[] = [];
  for (let i = 0; i < STEPS; i++) {
    const t = i * 10 * MS;
    ops.push({ start: t + 1 * MS + kernels, end: t + 6 * MS + kernels, id: 2 * i });
    ops.push(readBack(t + 6 * MS + copies, t + 6.1 * MS + copies, { id: 2 * i + 1 }));
    host.push({ start: t + calls, end: t + 0.1 * MS + calls, name: 'cudaLaunchKernel', id: 2 * i });
    host.push({ start: t + 0.2 * MS + calls, end: t + 0.3 * MS + calls, name: 'cudaMemcpyAsync', id: 2 * i + 1 });
    host.push({ start: t + 0.4 * MS + calls, end: t + 6.2 * MS + calls, name: 'cudaStreamSynchronize' });
  }
  return disorders(laneOps(ops), hostCalls(host)).map(d => d.order);
}

describe('work and calls', () => {
  test('that are on one clock are in order', () => expect(trace()).toEqual([]));
  test('that are apart by less than a millisecond are, too', () => expect(trace({ calls: 0.9 * MS })).toEqual([]));
  test('kernels of an earlier time begin before their launch', () => expect(trace({ kernels: -20 * MS })).toContain('launch'));
  test('kernels of a later time run after copies that were launched behind them', () =>
    expect(trace({ kernels: 25 * MS })).toContain('stream'));
  test('copies of a later time end after the wait for them', () => expect(trace({ copies: 5 * MS })).toContain('wait'));
  test('calls of an earlier time wait for what has not ended', () => expect(trace({ calls: -25 * MS })).toEqual(['wait']));
  test('calls of a later time launch what has begun', () => expect(trace({ calls: 25 * MS })).toEqual(['launch']));
});

test('work of one table that runs late is told by what was launched behind it, however seldom the two take turns', () => {
  const turns = Array.from({ length: 20 }, (_, i) => i * 10 * MS);
  const ops = [
    ...turns.map((t, id) => ({ start: t + 1000 * MS, end: t + 1001 * MS, id })),
    ...turns.map((t, i) => readBack(t + 5 * MS, t + 6 * MS, { id: 100 + i })),
  ];
  const calls = [
    ...turns.map((t, id) => ({ start: t, end: t + 1000, name: 'cudaLaunchKernel', id })),
    ...turns.map((t, i) => ({ start: t + 5 * MS, end: t + 5 * MS + 1000, name: 'cudaMemcpyAsync', id: 100 + i })),
  ];
  expect(disorders(laneOps(ops), hostCalls(calls))).toEqual([{ order: 'stream', n: 20, broken: 20 }]);
});

test('a row or two out of order are in any trace', () => {
  const early = (n: number) =>
    disorders(
      laneOps(Array.from({ length: 100 }, (_, i) => ({ start: i * 10 * MS - (i < n ? 5 * MS : 0), end: i * 10 * MS + MS, id: i }))),
      hostCalls(Array.from({ length: 100 }, (_, i) => ({ start: i * 10 * MS, end: i * 10 * MS + 1000, name: 'cudaLaunchKernel', id: i }))),
    );
  expect(early(2)).toEqual([]);
  expect(early(3)).toEqual([{ order: 'launch', n: 100, broken: 3 }]);
});
