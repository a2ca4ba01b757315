import { describe, expect, test } from 'vitest';
import { hostCalls, type LaneOp, laneOf, laneOps, readBack, type ThreadCall } from '#test/lane-sample';
import { checkpointAt, findCheckpoints } from './checkpoints.ts';

const MIB = 2 ** 20;
/** Ten steps of five kernels and a loss of four bytes, each of 100; the last kernel ends at 980. */
const STEPS: readonly LaneOp[] = Array.from({ length: 10 }, (_, i) => [
  ...Array.from({ length: 5 }, (_k, k) => ({ start: i * 100 + k * 16, end: i * 100 + k * 16 + 16, work: 1 })),
  readBack(i * 100 + 81, i * 100 + 82, { bytes: 4 }),
]).flat();
const NEXT: LaneOp = { start: 3000, end: 3080, work: 1 };
const copies = (n: number, bytes = 64 * MIB): LaneOp[] =>
  Array.from({ length: n }, (_, k) => readBack(1100 + k * 300, 1100 + k * 300 + 100, { bytes }));
const write = (start: number, end: number, name = 'write'): ThreadCall => ({ start, end, name, kind: 'os' });

const found = (ops: readonly LaneOp[], calls: readonly ThreadCall[], kernel = 'layer_norm_backward') => {
  const all = { ...laneOps([...STEPS, ...ops, NEXT]), names: new Map([[1, kernel]]) };
  return findCheckpoints(all, hostCalls(calls), laneOf(all));
};

describe('a checkpoint', () => {
  test('is copies to the host with a file written after them, from the last kernel to the next', () =>
    expect(found(copies(4), [write(2400, 2900)])).toEqual([{ start: 980, end: 3000, bytes: 4 * 64 * MIB + 4, copies: 5 }]));
  test('is none without a file', () => expect(found(copies(4), [])).toEqual([]));
  test('is none where the file was read', () => expect(found(copies(4), [write(2400, 2900, 'read')])).toEqual([]));
  test('is none where nothing but serving ran', () => expect(found(copies(4), [write(2400, 2900)], 'gemm')).toEqual([]));
  test('is none where no more came back than a step returns', () => expect(found(copies(4, 8), [write(2400, 2900)])).toEqual([]));
});

test('the file must take a tenth of the time of the copies', () => {
  expect(found(copies(4), [write(2400, 2441)])).toHaveLength(1);
  expect(found(copies(4), [write(2400, 2439)])).toEqual([]);
});

test('a stretch lies in a checkpoint with its larger half', () => {
  const at = checkpointAt([{ start: 100, end: 200, bytes: 1, copies: 2 }]);
  expect(at(120, 150)?.copies).toBe(2);
  expect(at(140, 259)).toBeDefined();
  expect(at(140, 260)).toBeUndefined();
  expect(at(300, 400)).toBeUndefined();
});
