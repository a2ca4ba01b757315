import { describe, expect, test } from 'vitest';
import { hostCalls, type ThreadCall } from '#test/lane-sample';
import { dataLoader } from './data-loader.ts';

/** Thread 1, the loader's, gets a batch each 50; thread 0 trains. */
const poll = (start: number, end: number, name = 'poll'): ThreadCall => ({ start, end, name, kind: 'os', thread: 1 });
const KEEPS_UP = Array.from({ length: 10 }, (_, i) => poll(i * 50, i * 50 + 45));
const loaderOf = (
  calls: readonly ThreadCall[],
  names: readonly (string | undefined)[] = ['python3', 'pt_data_pin'],
  processes = [1, 1],
  pids: readonly number[] = [],
) => {
  const host = hostCalls([...KEEPS_UP, ...calls]);
  return dataLoader({ ...host, threads: names.map((name, tid) => ({ process: processes[tid] ?? 1, pid: pids[tid] ?? 1, tid, name })) });
};
const EMPTY = poll(500, 1000);
const kept = (loader: ReturnType<typeof loaderOf>, from = 600, to = 1000) => loader.keptWaiting(0, from, to);

test('threads of a loader are known by their names alone', () => {
  const loader = loaderOf([], ['pt_data_worker', 'pt_data_pin', 'pt_autograd_0', undefined]);
  expect([0, 1, 2, 3].map(loader.nameOf)).toEqual(['pt_data_worker (process 1)', 'pt_data_pin', undefined, undefined]);
});

describe('a thread without a name', () => {
  test('may be a loader’s, and may have kept others of its process waiting where one with the name would have', () => {
    const loader = loaderOf([EMPTY], ['python3', undefined]);
    expect([loader.isUnnamed(0), loader.isUnnamed(1)]).toEqual([false, true]);
    expect([loader.mayHaveKept(0, 600, 1000), loader.mayHaveKept(1, 600, 1000)]).toEqual([true, false]);
  });
  test('has not where it worked meanwhile, or belongs to another process', () => {
    expect(loaderOf([poll(500, 1000, 'munmap')], ['python3', undefined]).mayHaveKept(0, 600, 1000)).toBe(false);
    expect(loaderOf([EMPTY], ['python3', undefined], [1, 2]).mayHaveKept(0, 600, 1000)).toBe(false);
  });
  test('is none that has another', () => expect(loaderOf([EMPTY], ['python3', 'python3']).mayHaveKept(0, 600, 1000)).toBe(false));
});

describe('a thread was kept waiting', () => {
  test('where the loader of its process had nothing to give since before, and then had', () =>
    expect(kept(loaderOf([EMPTY]))).toEqual({ name: 'pt_data_pin', call: 'poll' }));
  test('not where no thread is a loader’s', () => expect(kept(loaderOf([EMPTY], ['python3', 'python3']))).toBeUndefined());
  test('not by the loader of another process', () => expect(kept(loaderOf([EMPTY], ['python3', 'pt_data_pin'], [1, 2]))).toBeUndefined());
  test('not by a loader that worked meanwhile', () => expect(kept(loaderOf([poll(500, 1000, 'munmap')]))).toBeUndefined());
  test('not where the loader began to wait later than it', () => expect(kept(loaderOf([EMPTY]), 499)).toBeUndefined());
  test('not by itself', () => expect(loaderOf([EMPTY]).keptWaiting(1, 600, 1000)).toBeUndefined());
});

describe('the worker process behind it', () => {
  const worker = (start: number, end: number, thread = 2, name = 'clock_nanosleep'): ThreadCall => ({
    start,
    end,
    name,
    kind: 'os',
    thread,
  });
  const NAMES = ['python3', 'pt_data_pin', ...Array.from({ length: 3 }, () => 'pt_data_worker')];
  // Threads 2 and 3 are the main ones of their processes; 4 hands over what 2 makes.
  const behind = (...calls: ThreadCall[]) => loaderOf([EMPTY, ...calls], NAMES, [1, 1, 2, 3, 2], [1, 1, 2, 3, 2]).workerBehind(600, 1000);
  test('is the one whose doing ended with the wait', () =>
    expect(behind(worker(550, 990), worker(500, 1500, 3))).toEqual({ pid: 2, activity: 'wait', call: 'clock_nanosleep' }));
  test('is not one that had been done long before', () => expect(behind(worker(550, 900))).toBeUndefined());
  test('is not told where the trace holds no call of a worker', () => expect(behind()).toBeUndefined());
  test('has read for all of many short reads', () => {
    const reads = Array.from({ length: 20 }, (_, i) => worker(600 + 20 * i, 618 + 20 * i - (i === 19 ? 8 : 0), 2, 'read'));
    expect(behind(...reads, worker(990, 1500, 2, 'poll'))).toEqual({ pid: 2, activity: 'storage', call: 'read' });
  });
  test('did what its main thread did, and not what the thread that hands batches over waited in', () =>
    expect(behind(worker(600, 980), worker(550, 995, 4, 'accept4'))).toMatchObject({ pid: 2, call: 'clock_nanosleep' }));
});

describe('both sides of each threshold', () => {
  test('the loader must get its data in the last tenth of the wait', () => {
    expect(kept(loaderOf([poll(500, 960)]))).toBeDefined();
    expect(kept(loaderOf([poll(500, 959)]))).toBeUndefined();
    expect(kept(loaderOf([poll(500, 1001)]))).toBeUndefined();
  });
  test('it must have waited for twice its usual time', () => {
    expect(kept(loaderOf([poll(595, 685)]), 600, 685)).toBeDefined();
    expect(kept(loaderOf([poll(596, 685)]), 600, 685)).toBeUndefined();
  });
});
