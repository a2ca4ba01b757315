import { describe, expect, test } from 'vitest';
import { hostCalls, type LaneOp, laneOps, readBack, type ThreadCall } from '#test/lane-sample';
import { findLanes } from './serving-lane.ts';
import { streamLanes } from './stream-lanes.ts';

interface Model {
  readonly stream: number;
  readonly thread: number;
  /** When its k-th step begins. */
  readonly at: (k: number) => number;
  readonly n?: number;
}
/** Two models whose requests come at moments that have nothing to do with one another. */
const FIRST: Model = { stream: 20, thread: 0, at: k => 10_000 * k };
const SECOND: Model = { stream: 21, thread: 1, at: k => 10_700 * k };

let id = 0;
/** Steps of a kernel of 600 and a copy of its result, all launched by one thread. */
function run({ stream, thread, at, n = 40 }: Model): { ops: LaneOp[]; calls: ThreadCall[] } {
  const ops: LaneOp[] = [];
  const calls: ThreadCall[] = [];
  for (let k = 0; k < n; k++) {
    const t = at(k);
    const [kernel, copy] = [++id, ++id];
    ops.push({ start: t + 100, end: t + 700, stream, id: kernel }, readBack(t + 700, t + 710, { stream, id: copy }));
    calls.push(
      { start: t, end: t + 5, name: 'cudaLaunchKernel', id: kernel, thread },
      { start: t + 10, end: t + 15, name: 'cudaMemcpyAsync', id: copy, thread },
    );
  }
  return { ops, calls };
}

function lanes(models: readonly Model[], more: readonly LaneOp[] = []) {
  const runs = models.map(run);
  const ops = laneOps([...runs.flatMap(r => r.ops), ...more]);
  const [lane] = findLanes(ops);
  return streamLanes(ops, hostCalls(runs.flatMap(r => r.calls)), lane!, 20).map(l => [[...l.streams], l.stepEnds.length]);
}

describe('streams of one process are lanes of their own', () => {
  test('where threads of their own launch them and their results have nothing to do with one another', () =>
    expect(lanes([FIRST, SECOND])).toEqual([
      [[20], 40],
      [[21], 40],
    ]));
  test('and each is told what its thread runs beside on another stream', () => {
    const copies = { ...FIRST, stream: 30, at: (k: number) => FIRST.at(k) + 50, n: 12 };
    expect(lanes([FIRST, copies, SECOND])).toEqual([
      [[20, 30], 52],
      [[21], 40],
    ]);
  });
});

describe('streams of one process are one lane', () => {
  test('where one thread launches them', () => expect(lanes([FIRST, { ...SECOND, thread: 0 }])).toHaveLength(1));
  test('where their results follow one another at a constant time', () =>
    expect(lanes([FIRST, { ...SECOND, at: k => FIRST.at(k) + 3000 }])).toHaveLength(1));
  test('where only one of them returns twenty results', () => {
    expect(lanes([FIRST, { ...SECOND, n: 20 }])).toHaveLength(2);
    expect(lanes([FIRST, { ...SECOND, n: 19 }])).toHaveLength(1);
  });
  test('where two threads launch one of them, each more than a tenth', () => {
    const helped = (n: number) => [FIRST, SECOND, { ...SECOND, thread: 0, at: (k: number) => SECOND.at(k) + 2000, n }];
    expect(lanes(helped(4))).toHaveLength(2);
    expect(lanes(helped(5))).toHaveLength(1);
  });
  test('where one of them only copies what the other computed', () => {
    const copies = Array.from({ length: 40 }, (_, k) => readBack(10_700 * k, 10_700 * k + 10, { stream: 31 }));
    expect(lanes([FIRST], copies)).toHaveLength(1);
  });
});
