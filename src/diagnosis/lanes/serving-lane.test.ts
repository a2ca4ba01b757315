import { describe, expect, test } from 'vitest';
import { hostCalls, type LaneOp, laneOps, readBack } from '#test/lane-sample';
import { findLanes, findServingLanes } from './serving-lane.ts';

const STEP = 1000;
const NONE = new Float64Array(0);

/** Steps of one kernel and a copy of its result back, at 0, 1000, 2000, … */
const steps = (n: number, rest: Partial<LaneOp> = {}): LaneOp[] =>
  Array.from({ length: n }, (_, i) => [
    { start: i * STEP + 100, end: i * STEP + 700, ...rest },
    readBack(i * STEP + 700, i * STEP + 710, rest),
  ]).flat();

const findAll = (list: readonly LaneOp[], tokens = NONE) => findServingLanes(laneOps(list), hostCalls([]), tokens);
/** The busiest one. */
const find = (...args: Parameters<typeof findAll>) => findAll(...args)[0];

describe('whether there is a lane', () => {
  test('twenty results make one, nineteen do not', () => {
    expect(find(steps(20))?.stepEnds.length).toBe(20);
    expect(find(steps(19))).toBeUndefined();
  });
  test('a trace without GPU work has none', () => expect(find([])).toBeUndefined());
  test('copies to the device are no results', () => expect(find(steps(30).map(o => ({ ...o, copyKind: 1 })))).toBeUndefined());
});

describe('an engine that copies no results back', () => {
  const kernels = Array.from({ length: 40 }, (_, i) => ({ start: i * STEP + 100, end: i * STEP + 700 }));
  test('is followed by the times at which clients got tokens', () => {
    const tokens = Float64Array.from({ length: 30 }, (_, i) => i * STEP + 800);
    expect(find(kernels, tokens)?.stepEnds).toEqual(tokens);
  });
  test('has no lane when there are too few of those', () => expect(find(kernels, Float64Array.of(1, 2, 3))).toBeUndefined());
  test('is the busiest process on its GPU', () => {
    const tokens = Float64Array.from({ length: 30 }, (_, i) => i * STEP + 800);
    const other = Array.from({ length: 5 }, (_, i) => ({ start: i * STEP, end: i * STEP + 50, pid: 2 }));
    const ops = laneOps([...other, ...kernels]);
    expect(ops.processes[findServingLanes(ops, hostCalls([]), tokens)[0]?.process ?? -1]).toBe(1);
  });
});

describe('which lanes', () => {
  test('every process from which results come back, the busiest first', () => {
    const lanes = findAll([...steps(25, { pid: 2, stream: 3 }), ...steps(40)]);
    expect(lanes.map(l => l.stepEnds.length)).toEqual([40, 25]);
  });
  test('each of two GPUs of one process that work on their own', () => {
    expect(findAll([...steps(25, { device: 1 }), ...steps(40)]).map(l => l.device)).toEqual([0, 1]);
    const shifted = steps(40, { device: 1 }).map(o => ({ ...o, start: 300_000 + o.start, end: 300_000 + o.end }));
    expect(findAll([...steps(40), ...shifted]).map(l => l.device)).toEqual([0, 1]);
  });
  test('two of two GPUs that run their kernels unequally often', () => {
    const found = (first: number) => findAll([...steps(80, { device: 1 }), ...steps(first)]).map(l => [l.device, l.stepEnds.length]);
    // Kernels that run less often than 95 % of the other's are no pair.
    expect(found(75)).toEqual([
      [1, 80],
      [0, 75],
    ]);
  });
  test('where both return as many, but for one at the edges, the first GPU', () =>
    expect(findAll([...steps(40, { device: 1 }), ...steps(39)]).map(l => [l.device, l.stepEnds.length])).toEqual([[0, 39]]));
  test('of lanes that return too few results, none', () =>
    expect(findAll([...steps(19, { device: 1 }), ...steps(40)]).map(l => l.device)).toEqual([0]));
  test('stepEnds ascend whatever the order in the file', () => {
    const lane = find([...steps(30), readBack(50, 29_999)]);
    expect([...(lane?.stepEnds ?? [])]).toEqual([...(lane?.stepEnds ?? [])].toSorted((a, b) => a - b));
  });
});

test('every process on every GPU that returns results is a lane, with steps and work of its own', () => {
  const ops = laneOps([...steps(5), ...steps(3, { device: 1 }), ...steps(2, { pid: 2, stream: 3 })]);
  const lanes = findLanes(ops).map(l => [ops.processes[l.process], l.device, l.stepEnds.length, l.ops.length, l.foreignOps.length]);
  expect(lanes.toSorted()).toEqual([
    [1, 0, 5, 10, 2],
    [1, 1, 3, 6, 0],
    [2, 0, 2, 4, 5],
  ]);
});

describe('what is foreign', () => {
  const burst = (n: number, rest: Partial<LaneOp>) =>
    Array.from({ length: n }, (_, i) => ({ start: 10 * STEP + i * 10, end: 10 * STEP + i * 10 + 10, ...rest }));
  test('a stream that runs something in a quarter of the steps belongs to the lane', () => {
    const helper = (n: number) => Array.from({ length: n }, (_, i) => ({ start: i * STEP + 20, end: i * STEP + 60, stream: 8 }));
    expect([...(find([...steps(40), ...helper(10)])?.streams ?? [])].toSorted()).toEqual([7, 8]);
    expect([...(find([...steps(40), ...helper(9)])?.streams ?? [])]).toEqual([7]);
  });
  test('a stream with many kernels in a few steps is occasional, so foreign', () => {
    const lane = find([...steps(40), ...burst(500, { stream: 13 })]);
    expect([...(lane?.streams ?? [])]).toEqual([7]);
    expect(lane?.foreignOps.length).toBe(500);
    expect(lane?.foreign.n).toBe(1);
    expect(lane?.ops.length).toBe(80);
  });
  test('so is every kernel of another process on the same GPU, however regular', () => {
    const lane = find([...steps(40), ...Array.from({ length: 40 }, (_, i) => ({ start: i * STEP + 750, end: i * STEP + 900, pid: 2 }))]);
    expect(lane?.foreignOps.length).toBe(40);
  });
  test('the same stream number in another process is another stream', () => {
    const lane = find([...steps(40), ...burst(30, { pid: 2, stream: 7 })]);
    expect(lane?.foreignOps.length).toBe(30);
  });
  test('copies and fills of others hold no SM, so they are not foreign work', () => {
    const lane = find([...steps(40), ...burst(5, { pid: 2, kind: 'copy', copyKind: 1 }), ...burst(5, { pid: 2, kind: 'memset' })]);
    expect(lane?.foreignOps.length).toBe(0);
  });
  test('what runs on another GPU is not there at all', () => {
    const lane = find([...steps(40), ...burst(5, { device: 1 })]);
    expect([lane?.foreignOps.length, lane?.ops.length]).toEqual([0, 80]);
  });
});

test('busy time and gaps divide the window', () => {
  const lane = find(steps(20));
  const length = (s: { n: number; start: Float64Array; end: Float64Array } | undefined) =>
    Array.from({ length: s?.n ?? 0 }, (_, i) => (s?.end[i] ?? 0) - (s?.start[i] ?? 0)).reduce((a, b) => a + b, 0);
  expect(length(lane?.busy)).toBe(20 * 610);
  expect(length(lane?.gapsIn(0, 20 * STEP))).toBe(20 * 390);
});
