import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostCalls } from '#test/lane-sample';
import { buildTrace, globalId } from '#test/synthetic-trace';
import { TraceStore } from '#trace/nsys/trace-store';
import { type HostCalls, readHostCalls } from './host-calls.ts';
import { activityIn } from './thread-activity.ts';

const folder = mkdtempSync(join(tmpdir(), 'host-calls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Shorter calls than a microsecond are not read. */
const US = 1000;
const A = Number(globalId(1n, 100));
const B = Number(globalId(1n, 200));
let host: HostCalls;

beforeAll(async () => {
  const path = join(folder, 'trace.sqlite');
  const api = (pid: number, tid: number, name: string, correlation: number, start: number, end: number) => ({
    pid,
    tid,
    name,
    correlation,
    start: start * US,
    end: end * US,
  });
  buildTrace(path, {
    version: '3.20.3',
    epochNs: 1_795_311_000_000_000_000n,
    apiCalls: [
      // Out of order of start, as an export may be; two processes with the same correlation ids.
      api(100, 1, 'cudaLaunchKernel_v7000', 2, 300, 320),
      api(100, 1, 'cudaLaunchKernel_v7000', 1, 100, 140),
      api(200, 9, 'cudaLaunchKernel_v7000_ptsz', 1, 5100, 5140),
      // A runtime call and the driver call inside it share their id; the driver's row comes first.
      api(100, 1, 'cuMemcpyDtoHAsync_v2', 3, 405, 480),
      api(100, 1, 'cudaMemcpyAsync_v3020', 3, 400, 500),
      // A module load inside a launch.
      api(100, 1, 'cudaLaunchKernel_v7000', 4, 600, 700),
      api(100, 1, 'cuModuleLoadData', 5, 620, 690),
      api(100, 1, 'cudaMalloc_v3020', 6, 800, 900),
      api(100, 2, 'cudaDeviceSynchronize_v3020', 7, 0, 10_000),
    ],
    osCalls: [
      { pid: 100, tid: 1, name: 'pthread_mutex_lock', start: 810, end: 820 },
      { pid: 100, tid: 1, name: 'read', start: 830, end: 860 },
      { pid: 100, tid: 1, name: 'sem_wait', start: 1000, end: 1400 },
      { pid: 100, tid: 2, name: 'fsync', start: 1100, end: 1200 },
    ].map(c => ({ ...c, start: c.start * US, end: c.end * US })),
    overheads: [{ pid: 100, tid: 1, name: 'CUPTI buffer flush', start: 1300 * US, end: 1350 * US }],
  });
  const store = await TraceStore.open(path);
  host = readHostCalls(store);
  store.close();
});

const threadOf = (label: string) => host.threads.findIndex(t => `${t.process}:${t.tid}` === label);
const did = (thread: number, from: number, to: number) =>
  activityIn(host, thread, from * US, to * US).map(s => [s.start / US, s.end / US, s.activity, s.call]);
const main = () => threadOf(`${A}:1`);

describe('the launch of a GPU operation', () => {
  const startOf = (pid: number, id: number) => (host.api.start[host.api.find(pid, id)] ?? 0) / US;
  test('is found by process and correlation id: two processes share ids', () => {
    expect(startOf(A, 1)).toBe(100);
    expect(startOf(B, 1)).toBe(5100);
  });
  test('is not invented', () => {
    expect(host.api.find(A, 99)).toBe(-1);
    expect(host.api.find(B, 2)).toBe(-1);
    expect(host.api.find(0, 1)).toBe(-1);
    expect(host.api.find(Number.NaN, 1)).toBe(-1);
  });
  test('is the outer of two calls that share an id', () => expect(startOf(A, 3)).toBe(400));
  test('knows its thread', () => {
    expect(host.threads[host.api.thread[host.api.find(A, 2)]!]).toEqual({ process: A, pid: 100, tid: 1 });
    expect(host.threads[host.api.thread[host.api.find(B, 1)]!]).toEqual({ process: B, pid: 200, tid: 9 });
  });
});

test('names lose the suffix of their version', () => {
  const nameOf = (pid: number, id: number) => host.nameOf(host.api.nameId[host.api.find(pid, id)] ?? -1);
  expect([nameOf(A, 1), nameOf(B, 1), nameOf(A, 6)]).toEqual(['cudaLaunchKernel', 'cudaLaunchKernel', 'cudaMalloc']);
  expect(host.nameOf(123_456)).toBe('(unnamed)');
});

test('it knows whether calls into the operating system were recorded', () => expect(host.hasOsCalls).toBe(true));

describe('what a thread did', () => {
  test('is its own code where there is no call', () => expect(did(main(), 150, 290)).toEqual([[150, 290, 'own-code', '']]));
  test('has no holes and begins and ends where asked', () => {
    expect(did(main(), 90, 310)).toEqual([
      [90, 100, 'own-code', ''],
      [100, 140, 'launch', 'cudaLaunchKernel'],
      [140, 300, 'own-code', ''],
      [300, 310, 'launch', 'cudaLaunchKernel'],
    ]);
  });
  test('a module load inside a launch is a module load', () => {
    expect(did(main(), 600, 700)).toEqual([
      [600, 620, 'launch', 'cudaLaunchKernel'],
      [620, 690, 'code', 'cuModuleLoadData'],
      [690, 700, 'launch', 'cudaLaunchKernel'],
    ]);
  });
  test('a lock and a read inside an allocation are the allocation', () => {
    expect(did(main(), 800, 900)).toEqual([[800, 900, 'memory', 'cudaMalloc']]);
  });
  test('the profiler’s overhead inside a wait is the profiler’s', () => {
    expect(did(main(), 1000, 1400)).toEqual([
      [1000, 1300, 'wait', 'sem_wait'],
      [1300, 1350, 'profiler', 'CUPTI buffer flush'],
      [1350, 1400, 'wait', 'sem_wait'],
    ]);
  });
  test('of two nested calls of one activity the inner names the moment', () => {
    expect(did(main(), 405, 480)).toEqual([[405, 480, 'copy', 'cuMemcpyDtoHAsync']]);
  });
  test('a call that began long before and is still open is seen', () => {
    expect(did(threadOf(`${A}:2`), 9000, 9001)).toEqual([[9000, 9001, 'sync', 'cudaDeviceSynchronize']]);
  });
  test('is never what another thread did', () => {
    expect(did(main(), 2000, 5000)).toEqual([[2000, 5000, 'own-code', '']]);
    expect(did(threadOf(`${B}:9`), 0, 5000)).toEqual([[0, 5000, 'own-code', '']]);
  });
});

test('whatever calls there are, the stretches cover the time asked for once, and neighbours differ', () => {
  const call = fc.record({
    start: fc.integer({ min: 0, max: 100 }),
    length: fc.integer({ min: 0, max: 60 }),
    name: fc.constantFrom('cudaMalloc', 'cudaLaunchKernel', 'cuModuleLoadData', 'cudaStreamSynchronize'),
  });
  fc.assert(
    fc.property(
      fc.array(call, { maxLength: 12 }),
      fc.integer({ min: 0, max: 80 }),
      fc.integer({ min: 1, max: 80 }),
      (calls, from, length) => {
        const stretches = activityIn(hostCalls(calls.map(c => ({ ...c, end: c.start + c.length }))), 0, from, from + length);
        expect(stretches[0]?.start).toBe(from);
        expect(stretches.at(-1)?.end).toBe(from + length);
        for (const [i, s] of stretches.entries()) {
          expect(s.end).toBeGreaterThan(s.start);
          const next = stretches[i + 1];
          if (next === undefined) continue;
          expect(next.start).toBe(s.end);
          expect([next.activity, next.call]).not.toEqual([s.activity, s.call]);
        }
      },
    ),
  );
});

test('while the profiler is stopped a thread is the profiler’s, not in its own code', async () => {
  const path = join(folder, 'paused.sqlite');
  const call = (name: string, correlation: number, start: number) => ({ pid: 100, tid: 1, name, correlation, start, end: start + 2 * US });
  buildTrace(path, {
    version: '3.20.3',
    epochNs: 1_795_311_000_000_000_000n,
    apiCalls: [call('cudaLaunchKernel', 1, 0), call('cudaProfilerStop', 2, 10 * US), call('cudaLaunchKernel', 3, 900 * US)],
  });
  const store = await TraceStore.open(path);
  const paused = readHostCalls(store);
  store.close();
  expect(activityIn(paused, 0, 5 * US, 900 * US).map(s => [s.activity, s.call, s.end / US])).toEqual([
    ['own-code', '', 10],
    ['profiler', 'cudaProfilerStop', 900],
  ]);
});
