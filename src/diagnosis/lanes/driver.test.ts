import { describe, expect, test } from 'vitest';
import { hostCalls, type LaneOp, laneOf, laneOps, type ThreadCall } from '#test/lane-sample';
import { driverOf } from './driver.ts';

interface Launch extends Partial<LaneOp> {
  readonly by: number;
}

/** The driver of a lane whose operations were launched by these threads, one after another. */
function driver(launches: readonly Launch[]): number | undefined {
  const ops = laneOps(launches.map(({ by: _, ...op }, i) => ({ start: 100 * i + 50, end: 100 * i + 90, id: i, ...op })));
  const calls = launches.map(({ by, id, pid }, i): ThreadCall => {
    const of = id ?? i;
    return { start: 100 * i, end: 100 * i + 10, name: 'cudaLaunchKernel', thread: by, id: of, ...(pid === undefined ? {} : { pid }) };
  });
  return driverOf(hostCalls(calls), ops, laneOf(ops));
}
const times = (n: number, launch: Launch) => Array.from({ length: n }, () => launch);

describe('the thread that drives a lane', () => {
  test('is the one that launches all of its kernels', () => expect(driver(times(5, { by: 1 }))).toBe(1));
  test('launches nine of ten, the others being its helpers', () =>
    expect(driver([...times(9, { by: 1 }), ...times(1, { by: 0 })])).toBe(1));
  test('is nobody where two share the launches: less than nine of ten are not nearly all', () =>
    expect(driver([...times(8, { by: 1 }), ...times(1, { by: 0 })])).toBeUndefined());
  test('need not copy: threads of a pool that only copy do so on its behalf', () => {
    const copies = times(50, { by: 0, kind: 'copy', copyKind: 2 });
    expect(driver([...times(3, { by: 1 }), ...copies, ...times(20, { by: 0, kind: 'memset' })])).toBe(1);
  });
  test('launches whole graphs: their many nodes count once', () => {
    const graph = times(100, { by: 0, id: 777 });
    expect(driver([...graph, ...times(9, { by: 1 })])).toBe(1);
  });
  test('is nobody where only copies ran', () => expect(driver(times(5, { by: 0, kind: 'copy', copyKind: 2 }))).toBeUndefined());
  test('is nobody on an empty lane', () => expect(driver([])).toBeUndefined());
  test('is the one thread of a single launch', () => expect(driver([{ by: 1 }])).toBe(1));
  test('is nobody where no launch is in the trace', () => {
    const ops = laneOps([
      { start: 0, end: 5, id: 1 },
      { start: 10, end: 15, id: 2 },
    ]);
    expect(driverOf(hostCalls([]), ops, laneOf(ops))).toBeUndefined();
  });
  test('is told from those launches that are in the trace', () => {
    const ops = laneOps(Array.from({ length: 20 }, (_, i) => ({ start: 100 * i, end: 100 * i + 50, id: i })));
    const calls = [3, 4].map(id => ({ start: 100 * id, end: 100 * id + 5, name: 'cudaLaunchKernel', thread: 1, id }));
    expect(driverOf(hostCalls(calls), ops, laneOf(ops))).toBe(1);
  });
  test('is not one that launches for another process with the same ids', () => {
    const ops = laneOps([{ start: 0, end: 5, id: 1 }]);
    const host = hostCalls([{ start: 0, end: 1, name: 'cudaLaunchKernel', thread: 1, id: 1, pid: 2 }]);
    expect(driverOf(host, ops, laneOf(ops))).toBeUndefined();
  });
});
