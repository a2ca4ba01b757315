import { expect, test } from 'vitest';
import { traceOf } from '#test/trace-sample';
import { profilerTime } from './profiler-time.ts';

const MS = 1e6;
const WINDOW = [0, 1000 * MS] as const;
const held = (start_ns: number, end_ns: number, name_id = 1, global_pid = 7) => ({ start_ns, end_ns, name_id, global_pid });
const told = (...profiler_overhead: ReturnType<typeof held>[]) =>
  profilerTime(traceOf({ relations: { profiler_overhead }, names: { 1: 'flush', 2: 'initialization' } }), WINDOW);

test('nothing is told where the profiler held nobody', () => expect(told()).toEqual([]));
test('a hundredth of the window is worth a word, less is not', () => {
  expect(told(held(0, 10 * MS))).toEqual([{ process: 7, ns: 10 * MS, from: 0, to: 10 * MS, mostly: 'flush' }]);
  expect(told(held(0, 10 * MS - 1))).toEqual([]);
});
test('threads that were held together count once, and what it mostly did is named', () =>
  expect(told(held(0, 10 * MS, 2), held(5 * MS, 20 * MS, 2), held(50 * MS, 60 * MS, 1))).toEqual([
    { process: 7, ns: 30 * MS, from: 0, to: 60 * MS, mostly: 'initialization' },
  ]));
test('each process is told for itself, and only within the window', () =>
  expect(told(held(-50 * MS, 10 * MS), held(995 * MS, 1100 * MS, 1, 8)).map(p => [p.process, p.ns])).toEqual([[7, 10 * MS]]));
