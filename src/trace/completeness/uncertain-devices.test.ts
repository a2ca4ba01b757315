import { describe, expect, test } from 'vitest';
import { type LaneOp, laneOps } from '#test/lane-sample';
import { traceOf } from '#test/trace-sample';
import { uncertainDevices } from './uncertain-devices.ts';

const A = 2 ** 24;
const B = 2 * 2 ** 24;
const kernel = (pid: number, device = 0): LaneOp => ({ start: 0, end: 10, pid, device });
const gpus = (...ids: number[]) => ids.map(gpu_id => ({ gpu_id }));
const maps = (...pids: number[]) => pids.map(pid => ({ gpu_id: 0, device_id: 0, pid }));
const found = (relations: Parameters<typeof traceOf>[0]['relations'], ops: readonly LaneOp[], doubles: readonly unknown[] = []) =>
  uncertainDevices(traceOf({ relations: relations ?? {}, answers: { gpu_double: doubles } }), laneOps(ops));

describe('several processes on one number', () => {
  test('are certain where the trace tells which GPU each means', () =>
    expect(found({ gpu: gpus(0, 1), cuda_device: maps(1, 2) }, [kernel(A), kernel(B)])).toEqual([]));
  test('are certain where there is but one GPU', () => expect(found({ gpu: gpus(0) }, [kernel(A), kernel(B)])).toEqual([]));
  test('may mean two GPUs where one of them is not told', () =>
    expect(found({ gpu: gpus(0, 1), cuda_device: maps(1) }, [kernel(A), kernel(B)])).toEqual([
      { why: 'unmapped', devices: ['GPU 0'], processes: [A, B] },
    ]));
  test('may mean two GPUs where the trace describes none', () =>
    expect(found({}, [kernel(A), kernel(B)])).toMatchObject([{ why: 'unmapped' }]));
});
test('a process alone on its number is certain', () => expect(found({}, [kernel(A), kernel(B, 1)])).toEqual([]));

test('two numbers at one address, and one number for two GPUs, are told where they have work', () => {
  const relations = { gpu: gpus(0, 1), cuda_device: maps(1, 2) };
  const bus = { gpu_id: 0, other_gpu_id: 1, by: 'bus' };
  const number = { gpu_id: 0, other_gpu_id: 0, by: 'number' };
  const ops = [kernel(A), kernel(B, 1)];
  expect(found(relations, ops, [bus, number])).toEqual([
    { why: 'bus', devices: ['GPU 0', 'GPU 1'], processes: [A, B] },
    { why: 'number', devices: ['GPU 0'], processes: [A] },
  ]);
  expect(found(relations, [kernel(A)], [bus])).toEqual([]);
  expect(found(relations, ops, [{ ...bus, by: 'uuid' }])).toEqual([]);
});
