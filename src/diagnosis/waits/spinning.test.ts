import { describe, expect, test } from 'vitest';
import { spinning } from './spinning.ts';
import { call, type MadeUpCall, type MadeUpThread, MS, madeUp } from './threads.test-data.ts';
import { waitGraph } from './wait-graph.ts';

/** The spinner is in no call from 1,000 to 1,100 ms. */
const FROM = 1000 * MS;
const TO = 1100 * MS;
const SPINNER: MadeUpThread = {
  calls: [call('cudaStreamSynchronize', FROM - MS, FROM), call('cudaLaunchKernel', TO, TO + MS)],
  process: 1,
};
/** Reads of 5 ms, one after the other. */
const reads = (from: number, to: number, name = 'pread64'): MadeUpCall[] =>
  Array.from({ length: Math.round((to - from) / 5) }, (_, k) => call(name, (from + 5 * k) * MS, (from + 5 * k + 5) * MS));
const spunFor = (others: readonly MadeUpThread[], from = FROM, to = TO) => spinning(madeUp([SPINNER, ...others]))(0, from, to);
const reader = (calls: readonly MadeUpCall[]): MadeUpThread => ({ calls, process: 2 });

describe('a thread in no call waited for another', () => {
  test('that was at work in calls of its own for 95 % of that time', () => {
    expect(spunFor([reader(reads(1000, 1100))])).toBe(1);
    expect(spunFor([reader(reads(1000, 1095))])).toBe(1);
    expect(spunFor([reader(reads(1000, 1090))])).toBeUndefined();
  });
  test('that began with it and was done with it, within a twentieth of that time', () => {
    expect(spunFor([reader(reads(995, 1105))])).toBe(1);
    expect(spunFor([reader(reads(990, 1105))])).toBeUndefined();
    expect(spunFor([reader(reads(995, 1110))])).toBeUndefined();
  });
  test('that allocated or loaded code as well', () => {
    expect(spunFor([reader([call('cudaMalloc', FROM, TO)])])).toBe(1);
    expect(spunFor([reader([call('cuModuleLoadData', FROM, TO)])])).toBe(1);
  });
  test('that waited first, since the stretch began, and then was at work for ten milliseconds', () => {
    const waited = (from: number, work: number) =>
      spunFor([reader([call('epoll_wait', from * MS, (1100 - work) * MS), call('pread64', (1100 - work) * MS, TO)])]);
    expect([waited(1000, 60), waited(1000, 10), waited(990, 60)]).toEqual([1, 1, undefined]);
    expect(waited(1000, 9)).toBeUndefined();
  });
  test('for ten milliseconds or more', () => {
    const short = (ms: number) => spunFor([reader([call('pread64', FROM, FROM + ms * MS)])], FROM, FROM + ms * MS);
    expect([short(10), short(9.9)]).toEqual([1, undefined]);
  });
});

describe('a thread in no call computed', () => {
  test('where the other waited: for it, maybe', () =>
    expect(['poll', 'read', 'sem_wait'].map(name => spunFor([reader([call(name, FROM, TO)])]))).toEqual([undefined, undefined, undefined]));
  test('where two others were at work: nobody knows for whom', () =>
    expect(spunFor([reader(reads(1000, 1100)), reader(reads(1000, 1100))])).toBeUndefined());
  test('where nobody was', () => expect(spunFor([])).toBeUndefined());
});

test('what it waited for is what the other did', () => {
  const graph = waitGraph(madeUp([SPINNER, reader([call('pread64', FROM, TO - 2 * MS)])]));
  expect(graph.follow(0, FROM, TO)).toMatchObject([
    { activity: 'storage', call: 'pread64', thread: 1, via: [{ thread: 0, call: '', rule: 'spin' }] },
    { activity: 'own-code', thread: 1, start: TO - 2 * MS, end: TO },
  ]);
});
