import { expect, test } from 'vitest';
import { hostCalls, laneOps } from '#test/lane-sample';
import { windowOf } from './trace-facts.ts';

const launch = (start: number, end: number) => ({ start, end, name: 'cudaLaunchKernel' });

test('the window lasts from the first record to the last, be it a call or an operation', () => {
  expect(windowOf(laneOps([{ start: 20, end: 90 }]), hostCalls([launch(10, 15)]))).toEqual([10, 90]);
  expect(windowOf(laneOps([{ start: 20, end: 30 }]), hostCalls([launch(25, 45)]))).toEqual([20, 45]);
});
test('it begins no earlier than the session', () =>
  expect(windowOf(laneOps([{ start: -20, end: 30 }]), hostCalls([launch(25, 45)]))).toEqual([0, 45]));
test('a call that was over when the session began is not in it, one that ended after that is', () => {
  expect(windowOf(laneOps([{ start: 20, end: 30 }]), hostCalls([launch(-10, 0), launch(12, 15)]))).toEqual([12, 30]);
  expect(windowOf(laneOps([{ start: 20, end: 30 }]), hostCalls([launch(-10, 1), launch(12, 15)]))).toEqual([0, 30]);
});
test('without work of a GPU the calls of the host make it, and without any there is none', () => {
  expect(windowOf(laneOps([]), hostCalls([{ ...launch(10, 15), kind: 'os' }]))).toEqual([10, 15]);
  expect(windowOf(laneOps([]), hostCalls([]))).toEqual([0, 0]);
});
