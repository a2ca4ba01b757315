import { describe, expect, test } from 'vitest';
import { waitGraph } from '#diagnosis/waits/wait-graph';
import { hostCalls, type LaneOp, laneOf, laneOps, type ThreadCall } from '#test/lane-sample';
import type { Dependencies } from '#trace/events/dependencies';
import type { LateWait } from './late-wait.ts';
import type { Loss } from './loss.ts';
import { findLosses } from './losses.ts';

const MS = 1e6;
const SIDE = 14;

/** The lane (stream 7) runs until 1 ms and again from 10 ms, launched at 0.2 ms by the call with id 5. */
const LANE: readonly LaneOp[] = [
  { start: 0, end: MS, id: 1 },
  { start: 10 * MS, end: 11 * MS, id: 5 },
];
const launch = (id: number, at_ms: number, rest: Partial<ThreadCall> = {}): ThreadCall => ({
  ...{ name: 'cudaLaunchKernel', id, start: at_ms * MS, end: (at_ms + 0.1) * MS },
  ...rest,
});
const CALLS = [launch(1, -0.5), launch(5, 0.2)];
const onSide = (from_ms: number, to_ms: number, rest: Partial<LaneOp> = {}): LaneOp => ({
  ...{ start: from_ms * MS, end: to_ms * MS, stream: SIDE, kind: 'copy', copyKind: 1 },
  ...rest,
});

/** @param edges for each launch id the id of what an event made it wait for */
function lossesOf(
  side: readonly LaneOp[],
  edges: Readonly<Record<number, number>> | undefined,
  calls: readonly ThreadCall[] = CALLS,
  lateWaits: ReadonlyMap<number, LateWait> = new Map(),
) {
  const ops = laneOps([...LANE, ...side]);
  const host = hostCalls(calls);
  const dependencies: Dependencies | undefined = edges && {
    producerOf: op => ops.correlation.indexOf(edges[ops.correlation[op] ?? -1] ?? -2),
  };
  const waits = waitGraph(host, undefined, () => dependencies);
  return findLosses(ops, host, laneOf(ops), () => 0, lateWaits, waits);
}
const short = (l: Loss) => [
  l.kind,
  l.start / MS,
  l.end / MS,
  ...(l.kind === 'queued' ? [l.behind?.what ?? (l.foreign ? 'foreign' : 'nothing known')] : []),
  ...(l.kind === 'starved' ? [l.activity] : []),
];

describe('work that was launched and did not run', () => {
  test('waited for the copy on another stream for which an event made it wait', () => {
    const [first, ...others] = lossesOf([onSide(0.5, 9.9, { id: 3 })], { 5: 3 });
    expect([first, ...others].flatMap(l => (l ? [short(l)] : []))).toEqual([
      ['queued', 1, 9.9, 'copy'],
      ['queued', 9.9, 10, 'nothing known'],
    ]);
    expect(first?.kind === 'queued' && first.behind?.stream).toBe(SIDE);
  });
  test('waited for a kernel of its own process, which is no neighbour', () =>
    expect(lossesOf([onSide(0.5, 10, { id: 3, kind: 'kernel' })], { 5: 3 }).map(short)).toEqual([['queued', 1, 10, 'work']]));
  test('waited for a collective on another stream', () =>
    expect(lossesOf([onSide(0.5, 10, { id: 3, kind: 'communication' })], { 5: 3 }).map(short)).toEqual([['queued', 1, 10, 'collective']]));
  test('waited with that collective for a rank that came late to it', () => {
    const late = new Map([[1, { op: 1, ns: 6 * MS, rank: 'rank 1', cause: 'host-compute', why: 'its own code' } as const]]);
    const side = [onSide(0.5, 10, { id: 3, kind: 'communication' })];
    expect(lossesOf(side, { 5: 3 }, CALLS, late).map(short)).toEqual([
      ['spin', 1, 6.5],
      ['queued', 6.5, 10, 'collective'],
    ]);
  });
  test('has no owner where no event tells of one: a kernel of another stream only held the GPU', () =>
    expect(lossesOf([onSide(0.5, 10, { id: 3, kind: 'kernel' })], {}).map(short)).toEqual([['queued', 1, 10, 'foreign']]));
  test('did not wait for what was over before the gap', () =>
    expect(lossesOf([onSide(0.5, 0.9, { id: 3 })], { 5: 3 }).map(short)).toEqual([['queued', 1, 10, 'nothing known']]));
});

test('work of a damaged trace that ran after those who wait for it is nobody’s to wait for, nor in a circle', () => {
  const side = [onSide(12, 14, { id: 3 }), onSide(13, 15, { id: 4, stream: 15 })];
  expect(lossesOf(side, { 5: 3, 3: 4, 4: 3 }).map(short)).toEqual([['queued', 1, 10, 'nothing known']]);
});

describe('the walk goes on where that other work had not begun', () => {
  test('to the thread that launched it late', () => {
    const calls = [...CALLS, launch(3, 6, { thread: 1, name: 'cudaMemcpyAsync' })];
    expect(lossesOf([onSide(7, 10, { id: 3 })], { 5: 3 }, calls).map(short)).toEqual([
      ['starved', 1, 6, 'own-code'],
      ['starved', 6, 6.1, 'copy'],
      ['queued', 6.1, 7, 'nothing known'],
      ['queued', 7, 10, 'copy'],
    ]);
  });
  test('to what that work waited for itself', () => {
    const side = [onSide(0.5, 4, { id: 2, kind: 'kernel', stream: 15 }), onSide(4, 10, { id: 3 })];
    const calls = [...CALLS, launch(2, 0.3), launch(3, 0.4)];
    expect(lossesOf(side, { 5: 3, 3: 2 }, calls).map(short)).toEqual([
      ['queued', 1, 4, 'work'],
      ['queued', 4, 10, 'copy'],
    ]);
  });
});

test('a wait for an event that the trace does not resolve is told', () => {
  const calls = [...CALLS, { name: 'cudaStreamWaitEvent', start: 0.1 * MS, end: 0.15 * MS }];
  const unseen = (edges: Readonly<Record<number, number>> | undefined) =>
    lossesOf([], edges, calls).map(l => l.kind === 'queued' && l.waitsUnseen);
  expect(unseen(undefined)).toEqual([true]);
  // Where events are recorded the wait was for nothing that outlasted the gap's beginning.
  expect(unseen({})).toEqual([false]);
});
