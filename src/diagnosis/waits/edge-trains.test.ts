import { describe, expect, test } from 'vitest';
import { threadEdges } from './edge-trains.ts';
import { call, type MadeUpCall, MS, madeUp, US } from './threads.test-data.ts';

const edgesOf = (calls: readonly MadeUpCall[]) => {
  const host = madeUp([{ calls }]);
  return threadEdges(host.callsOf(0), host.nameOf);
};
const trains = (calls: readonly MadeUpCall[]) => edgesOf(calls).trains.map(t => [t.kind, t.call, ...Array.from(t.times, x => x / US)]);

describe('moments of a thread', () => {
  test('are the begins and ends of its waits and synchronisations, of each call apart', () =>
    expect(
      trains([call('poll', 0, 100 * US), call('cudaStreamSynchronize', 200 * US, 205 * US), call('poll', 300 * US, 400 * US)]),
    ).toEqual([
      ['begin', 'poll', 0, 300],
      ['end', 'poll', 100, 400],
      ['begin', 'cudaStreamSynchronize', 200],
      ['end', 'cudaStreamSynchronize', 205],
    ]));
  test('are its launches, and the calls that wake others', () =>
    expect(
      trains([call('cudaLaunchKernel', 0, 5 * US), call('cudaGraphLaunch', 10 * US, 30 * US), call('write', 40 * US, 42 * US)]),
    ).toEqual([
      ['launch', '', 0, 10],
      ['wake', 'write', 40],
    ]));
  test('of a futex are a wait where it lasts, else a wake', () =>
    expect(trains([call('futex', 0, 2 * US), call('futex', 10 * US, 90 * US)])).toEqual([
      ['wake', 'futex', 0],
      ['begin', 'futex', 10],
      ['end', 'futex', 90],
    ]));
  test('are no file reads, no allocations, and no signals of its own as waits', () =>
    expect(trains([call('pread', 0, MS), call('cudaMalloc', MS, 2 * MS), call('pthread_cond_signal', 3 * MS, 3.1 * MS)])).toEqual([
      ['wake', 'pthread_cond_signal', 3000],
    ]));
});

test('who stood in one call for longer than anybody needs to wake up was not awake', () => {
  const { awakeBefore } = edgesOf([call('poll', MS, 5 * MS)]);
  expect([0.5, 1.2, 3, 4.9, 5.1].map(t => awakeBefore(t * MS))).toEqual([true, true, false, false, true]);
});

test('it is busy since it last came from a call that held it', () => {
  const { busySince } = edgesOf([call('poll', MS, 2 * MS), call('poll', 3 * MS, 3.001 * MS)]);
  expect([1.5, 2.5, 4].map(t => busySince(t * MS))).toEqual([Number.NEGATIVE_INFINITY, 2 * MS, 2 * MS]);
});
