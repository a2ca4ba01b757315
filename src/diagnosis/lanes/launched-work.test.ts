import { describe, expect, test } from 'vitest';
import { type LaneOp, laneOf, laneOps } from '#test/lane-sample';
import { launchedWork } from './launched-work.ts';

const launched = (list: readonly LaneOp[], streams?: readonly number[]) => {
  const ops = laneOps(list);
  return [...launchedWork(ops, laneOf(ops, streams)).launches];
};

describe('the family of a kernel', () => {
  const kernel = (start: number, work: number): LaneOp => ({ start, end: start + 5, id: start, work });
  function familiesOf(list: readonly LaneOp[], names: ReadonlyMap<number, string>, inGraph: readonly number[] = []) {
    const ops = { ...laneOps(list), names };
    for (const i of inGraph) ops.inGraph[i] = 1;
    const { family, families } = launchedWork(ops, laneOf(ops));
    return [[...family], families];
  }
  const names = new Map([
    [1, 'gemm_128x64_tn'],
    [2, 'gemm_256x128_tn'],
    [3, 'attention'],
  ]);
  test('leaves out sizes: the same function in another shape', () =>
    expect(familiesOf([kernel(10, 1), kernel(20, 2), kernel(30, 3)], names)).toEqual([[0, 0, 1], 2]));
  test('is another in a graph, and a graph of its own where it is one row', () => {
    expect(familiesOf([kernel(10, 3), kernel(20, 3)], names, [1])).toEqual([[0, 1], 2]);
    expect(familiesOf([kernel(10, 3), { ...kernel(20, 7), kind: 'graph' }, { ...kernel(30, 8), kind: 'graph' }], names)).toEqual([
      [0, 1, 1],
      2,
    ]);
  });
  test('is none for copies and fills', () =>
    expect(familiesOf([{ start: 1, end: 2, kind: 'copy' }, { start: 3, end: 4, kind: 'memset' }, kernel(10, 3)], names)).toEqual([
      [-1, -1, 0],
      1,
    ]));
});

describe('when work of a launch of its own began', () => {
  test('is when each kernel did that a call launched', () =>
    expect(
      launched([
        { start: 10, end: 20, id: 1 },
        { start: 30, end: 40, id: 2 },
      ]),
    ).toEqual([10, 30]));
  test('is when the first node of a graph did: all of them are one launch', () =>
    expect(
      launched([
        { start: 10, end: 20, id: 5 },
        { start: 20, end: 30, id: 5 },
        { start: 30, end: 40, id: 5 },
        { start: 50, end: 60, id: 6 },
      ]),
    ).toEqual([10, 50]));
  test('counts each launch of a graph', () =>
    expect(
      launched([
        { start: 10, end: 20, id: 5 },
        { start: 20, end: 30, id: 5 },
        { start: 50, end: 60, id: 6 },
        { start: 60, end: 70, id: 6 },
      ]),
    ).toEqual([10, 50]));
  test('holds copies and fills as well: a call launched them', () =>
    expect(
      launched([
        { start: 10, end: 20, id: 1 },
        { start: 20, end: 30, id: 2, kind: 'copy', copyKind: 2 },
        { start: 30, end: 40, id: 3, kind: 'memset' },
      ]),
    ).toEqual([10, 20, 30]));
  test('is not that of other streams, processes and GPUs', () =>
    expect(
      launched([
        { start: 10, end: 20, id: 1 },
        { start: 11, end: 20, id: 2, stream: 8 },
        { start: 12, end: 20, id: 3, pid: 2 },
        { start: 13, end: 20, id: 4, device: 1 },
      ]),
    ).toEqual([10]));
  test('is nothing on an empty lane, and one moment where one kernel ran', () => {
    expect(launched([])).toEqual([]);
    expect(launched([{ start: 10, end: 20, id: 1 }])).toEqual([10]);
  });
});
