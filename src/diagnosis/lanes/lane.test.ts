import { describe, expect, test } from 'vitest';
import { type LaneOp, laneOps } from '#test/lane-sample';
import { laneOf } from './lane.ts';

const STEP = 1000;
const NO_STEPS = new Float64Array(0);
const stepEnds = (n: number) => Float64Array.from({ length: n }, (_, i) => (i + 1) * STEP);
const each = (n: number, rest: Partial<LaneOp>, every = 1): LaneOp[] =>
  Array.from({ length: n }, (_, i) => ({ start: i * every * STEP + 100, end: i * every * STEP + 200, ...rest }));

test('a lane without steps, such as a device of a pipeline, has all streams of its process', () => {
  const lane = laneOf(laneOps([...each(10, {}), ...each(1, { stream: 13 })]), 0, 0, NO_STEPS);
  expect([...lane.streams]).toEqual([7, 13]);
  expect([lane.ops.length, lane.foreignOps.length]).toEqual([11, 0]);
});

test('steps tell regular streams from occasional ones, whatever cuts them', () => {
  const lane = laneOf(laneOps([...each(40, {}), ...each(10, { stream: 8 }, 4), ...each(9, { stream: 9 }, 4)]), 0, 0, stepEnds(40));
  expect([...lane.streams].toSorted()).toEqual([7, 8]);
  expect(lane.foreignOps.length).toBe(9);
});

test('starts are those of its operations', () => {
  const ops = laneOps([...each(5, {}), ...each(5, { pid: 2 })]);
  const lane = laneOf(ops, ops.processes.indexOf(2), 0, NO_STEPS);
  expect([...lane.starts]).toEqual([...lane.ops].map(i => ops.start[i]));
  expect(lane.starts.length).toBe(5);
});

test('the share of foreign work is that of the stretch asked about', () => {
  const lane = laneOf(
    laneOps([
      { start: 0, end: 400 },
      { start: 100, end: 300, pid: 2 },
    ]),
    0,
    0,
    NO_STEPS,
  );
  expect(lane.foreignShare(0, 400)).toBe(0.5);
  expect(lane.foreignShare(100, 200)).toBe(1);
  expect(lane.foreignShare(300, 300)).toBe(0);
});

describe('a kernel was seen before', () => {
  const ops = laneOps([
    { start: 0, end: 10, work: 1, stream: 13 },
    { start: 20, end: 30, work: 1 },
    { start: 40, end: 50, work: 2, pid: 2 },
    { start: 60, end: 70, work: 2 },
    { start: 80, end: 90, work: 3, kind: 'memset' },
  ]);
  const lane = laneOf(ops, 0, 0, NO_STEPS, new Set([7]));
  test('when its process ran that name there, on whatever stream', () => {
    expect(lane.seenBefore(0)).toBe(false);
    expect(lane.seenBefore(1)).toBe(true);
  });
  test('not when another process did', () => expect(lane.seenBefore(3)).toBe(false));
  test('what is no kernel loads no code', () => expect(lane.seenBefore(4)).toBe(true));
});
