import { describe, expect, test } from 'vitest';
import type { TraceSource } from '#trace/source';
import { OFF_CPU, offTheCpu } from './off-the-cpu.ts';
import { onCpuOf, readScheduler } from './scheduler.ts';
import { US } from './threads.test-data.ts';

/** A trace that holds nothing but these switches of threads: time, on or off, process, thread. */
function switches(rows: readonly (readonly [number, 0 | 1, number, number])[]): TraceSource {
  return {
    missing: () => (rows.length === 0 ? 'There are none.' : undefined),
    scan: () => ({
      n: rows.length,
      t_ns: Float64Array.from(rows, r => r[0]),
      is_in: Int32Array.from(rows, r => r[1]),
      global_pid: Float64Array.from(rows, r => r[2]),
      thread_id: Int32Array.from(rows, r => r[3]),
    }),
  } as unknown as TraceSource;
}

describe('the scheduler', () => {
  test('is unknown where no switches were recorded', () => expect(readScheduler(switches([]))).toBeUndefined());
  test('tells threads apart by process and number', () => {
    const scheduler = readScheduler(
      switches([
        [10, 1, 100, 7],
        [20, 1, 200, 7],
        [30, 0, 100, 7],
        [90, 0, 200, 7],
      ]),
    );
    const within = (process: number, tid: number) => scheduler?.onCpu({ process, pid: process, tid })?.within(0, 100);
    expect([within(100, 7), within(200, 7), within(100, 8)]).toEqual([20, 70, undefined]);
  });
  test('takes events in any order', () => expect(onCpuOf([30, 10], [0, 1]).within(0, 100)).toBe(20));
  test('knows of one that came off first that it was on, and of one that went on last that it stays', () =>
    expect(onCpuOf([10, 90], [0, 1]).within(0, 100)).toBe(20));
  test('is not misled by an event that was lost', () => expect(onCpuOf([10, 20, 30, 40, 60], [1, 1, 0, 0, 1]).within(0, 70)).toBe(30));
});

describe('own code', () => {
  const own = (start: number, end: number) => ({ start: start * US, end: end * US, activity: 'own-code' as const, call: '' });
  const cpu = onCpuOf([100 * US, 200 * US, 300 * US, 400 * US, 405 * US, 500 * US], [1, 0, 1, 0, 1, 0]);
  const parts = (start: number, end: number) => offTheCpu(own(start, end), cpu).map(s => [s.start / US, s.end / US, s.call]);
  test('off the CPU is a wait', () =>
    expect(parts(150, 350)).toEqual([
      [150, 200, ''],
      [200, 300, OFF_CPU],
      [300, 350, ''],
    ]));
  test('begins and ends off the CPU where the thread did', () =>
    expect(parts(50, 600)).toEqual([
      [50, 100, OFF_CPU],
      [100, 200, ''],
      [200, 300, OFF_CPU],
      // Off for 5 µs is not worth telling.
      [300, 500, ''],
      [500, 600, OFF_CPU],
    ]));
  test('on the CPU is what it is', () => expect(parts(110, 190)).toEqual([[110, 190, '']]));
  test('all of it off is one wait', () => expect(parts(210, 290)).toEqual([[210, 290, OFF_CPU]]));
});
