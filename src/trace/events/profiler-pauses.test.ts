import { expect, test } from 'vitest';
import { profilerPauses } from './profiler-pauses.ts';

type Call = readonly [start: number, end: number, name: string, process?: number];
const NAMES = ['cudaProfilerStop', 'cuProfilerStop', 'cudaProfilerStart', 'cudaLaunchKernel', 'poll'];
const columns = (list: readonly Call[]) => ({
  n: list.length,
  start_ns: Float64Array.from(list, c => c[0]),
  end_ns: Float64Array.from(list, c => c[1]),
  global_pid: Float64Array.from(list, c => c[3] ?? 1),
  name_id: Int32Array.from(list, c => NAMES.indexOf(c[2])),
});
const pauses = (api: readonly Call[], os: readonly Call[] = []) =>
  profilerPauses(columns(api), columns(os), id => NAMES[id] ?? '').map(p => [p.start, p.end]);

test('a program that never stops the profiler has no pauses', () =>
  expect(
    pauses([
      [0, 10, 'cudaLaunchKernel'],
      [900, 910, 'cudaLaunchKernel'],
    ]),
  ).toEqual([]));
test('a pause lasts from the stop to the next record, be it the start or the first work', () => {
  expect(
    pauses([
      [0, 10, 'cudaProfilerStop'],
      [900, 910, 'cudaProfilerStart'],
    ]),
  ).toEqual([[10, 900]]);
  expect(
    pauses([
      [900, 910, 'cudaLaunchKernel'],
      [0, 10, 'cuProfilerStop'],
    ]),
  ).toEqual([[10, 900]]);
});
test('each stop begins a pause of its own, and the last of a trace has no end', () =>
  expect(
    pauses([
      [0, 10, 'cudaProfilerStop'],
      [50, 60, 'cudaProfilerStop'],
    ]),
  ).toEqual([[10, 50]]));
test('a system call of the process shows that recording went on, one of another process does not', () => {
  const api: Call[] = [
    [0, 10, 'cudaProfilerStop'],
    [900, 910, 'cudaLaunchKernel'],
  ];
  expect(pauses(api, [[30, 40, 'poll']])).toEqual([[10, 30]]);
  expect(pauses(api, [[30, 40, 'poll', 2]])).toEqual([[10, 900]]);
});
test('a call that was open when the profiler stopped shows nothing of what came after', () =>
  expect(
    pauses(
      [
        [0, 10, 'cudaProfilerStop'],
        [900, 910, 'cudaLaunchKernel'],
      ],
      [[5, 2000, 'poll']],
    ),
  ).toEqual([[10, 900]]));
