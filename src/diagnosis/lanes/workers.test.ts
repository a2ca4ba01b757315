import { expect, test } from 'vitest';
import { laneOps } from '#test/lane-sample';
import { findWorkers } from './workers.ts';

const op = (at: number, pid: number, device: number) => ({ start: at, end: at + 1, pid, device });

test('a worker is one process on one GPU: the busiest stands first, however its operations mix with those of others', () => {
  const ops = laneOps([op(0, 7, 0), op(1, 8, 0), op(2, 8, 1), op(3, 8, 1), op(4, 7, 0), op(5, 8, 1), op(6, 8, 0), op(7, 8, 1)]);
  expect(findWorkers(ops).map(w => [ops.processes[w.process], w.device, w.n])).toEqual([
    [8, 1, 4],
    [7, 0, 2],
    [8, 0, 2],
  ]);
});
test('without operations there is none', () => {
  expect(findWorkers(laneOps([]))).toEqual([]);
});
