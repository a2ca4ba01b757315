import { describe, expect, test } from 'vitest';
import { contextOf, copied, gapOf, MS, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0]) => detector.attributeLoss?.(loss, contextOf());
const firstLaunch = (launch: number, firstSeen = true) => starved('launch', 'cudaLaunchKernel', gapOf({ launch }, { firstSeen }));

describe('clear', () => {
  test('a gap without any loading', () => expect(attribution(starved('own-code'))).toBeUndefined());
  test('a long launch of a kernel that has run before', () => expect(attribution(firstLaunch(5 * MS, false))).toBeUndefined());
  test('a first kernel after much own code but a quick launch', () => {
    expect(attribution(starved('own-code', '', gapOf({ launch: 5000, 'own-code': 50 * MS }, { firstSeen: true })))).toBeUndefined();
  });
  test('a long first launch while others hold the GPU: it may wait for a place in the queue', () => {
    expect(
      attribution(starved('launch', 'cudaLaunchKernel', gapOf({ launch: 5 * MS }, { firstSeen: true, contended: true }))),
    ).toBeUndefined();
  });
  test('a file read, a wait or an allocation beside a load: those have evidence of their own', () => {
    for (const activity of ['storage', 'wait', 'memory'] as const)
      expect(attribution(starved(activity, 'call', gapOf({ [activity]: MS, code: 50 * MS }, { firstSeen: true })))).toBeUndefined();
  });
  test('a copy', () => expect(attribution(copied(1, 1))).toBeUndefined());
});

describe('run-time compilation on other threads', () => {
  const COMPILED = { subject: 'run-time compilation', confidence: 'medium' };
  const gap = (codeFollows: boolean) => gapOf({ wait: 300 * MS, 'own-code': 100 * MS }, { codeFollows });
  const waitedFor = (rule?: 'driver' | 'wake') => ({
    ...starved('wait', 'futex', gap(true)),
    via: rule === undefined ? [] : [{ thread: 3, call: 'futex', rule }],
  });
  test('has the own code and the waits of a gap that loaded code ends', () => {
    expect(attribution(starved('own-code', '', gap(true)))).toEqual(COMPILED);
    expect(attribution(waitedFor())).toEqual(COMPILED);
    expect(attribution(waitedFor('driver'))).toEqual(COMPILED);
  });
  test('has nothing of one that it does not end', () => {
    expect(attribution(starved('own-code', '', gap(false)))).toBeUndefined();
    expect(attribution(starved('wait', 'futex', gap(false)))).toBeUndefined();
  });
  test('has no wait that is known to have been for somebody, and no file or memory call', () => {
    expect(attribution(waitedFor('wake'))).toBeUndefined();
    expect(attribution(starved('storage', 'pread64', gap(true)))).toBeUndefined();
    expect(attribution(starved('memory', 'cudaMalloc', gap(true)))).toBeUndefined();
  });
});

describe('found', () => {
  test('the loading call itself', () => {
    expect(attribution(starved('code', 'cuModuleLoadData'))).toEqual({ subject: 'cuModuleLoadData', confidence: 'high' });
  });
  const AROUND = { subject: 'host work around the loading of a library or module', confidence: 'high' };
  const around = (code: number, own: number, firstSeen: boolean) =>
    attribution(starved('own-code', '', gapOf({ code, 'own-code': own }, { firstSeen })));
  test('own code in the same gap as a load that a new kernel follows: it prepares the load', () => {
    expect(around(1, 300 * MS, true)).toEqual(AROUND);
    expect(around(0, 300 * MS, true)).toBeUndefined();
  });
  test('own code around a load of tens of microseconds, also without a new kernel; a look-up takes less', () => {
    expect(around(20_000, 40 * MS, false)).toEqual(AROUND);
    expect(around(19_999, 40 * MS, false)).toBeUndefined();
  });
  test('the first launch of a kernel, which loads it lazily', () => {
    expect(attribution(firstLaunch(5 * MS))).toEqual({ subject: 'first launch of a kernel', confidence: 'medium' });
  });
});

test('a first launch loads code from a millisecond on', () => {
  expect(attribution(firstLaunch(MS))).toEqual({ confidence: 'medium', subject: 'first launch of a kernel' });
  expect(attribution(firstLaunch(MS - 1))).toBeUndefined();
});

test('what the profiler did inside such a gap stays the profiler’s', () => {
  expect(attribution(starved('profiler', 'CUPTI buffer flush', gapOf({ code: 5 * MS, profiler: MS })))).toBeUndefined();
});
