import { expect, test } from 'vitest';
import { hostCalls, laneOps } from '#test/lane-sample';
import { graphLaunches } from './unrecorded-graphs.ts';

const launch = (id: number, name = 'cudaGraphLaunch') => ({ start: id * 10, end: id * 10 + 5, name, id });

test('a graph whose operation is in the trace was recorded, one without was not', () => {
  const ops = laneOps([{ start: 12, end: 20, id: 1 }]);
  expect(graphLaunches(ops, hostCalls([launch(1), launch(2)]))).toEqual({ n: 2, unrecorded: 1 });
});
test('launches of kernels are no launches of graphs', () =>
  expect(graphLaunches(laneOps([]), hostCalls([launch(1, 'cudaLaunchKernel')]))).toEqual({ n: 0, unrecorded: 0 }));
