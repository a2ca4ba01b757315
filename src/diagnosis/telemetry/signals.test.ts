import { describe, expect, test } from 'vitest';
import { spansOf } from '#core/math/spans';
import { EMPTY_GPU, EMPTY_HOST } from '#input/series/empty-rows';
import type { HostSampleRow } from '#schema/relation';
import { testSignals } from './signal-tests.ts';
import { signalsOf } from './signals.ts';

const S = 1e9;
const host = (rise: (i: number) => Partial<HostSampleRow>) => {
  const sums = new Map<string, number>();
  return Array.from({ length: 61 }, (_, i) => {
    const counted = Object.entries(rise(i)).map(([key, value]) => {
      sums.set(key, (sums.get(key) ?? 0) + Number(value));
      return [key, sums.get(key)];
    });
    return { ...EMPTY_HOST, ...Object.fromEntries(counted), t: i * S, t_ms: i * 1000 };
  });
};
const gpu = (mhz: (i: number) => number, reasons: (i: number) => number | null) =>
  Array.from({ length: 61 }, (_, i) => ({
    ...{ ...EMPTY_GPU, t: i * S, t_ms: i * 1000, gpu: 0, utilization_pct: 100 },
    ...{ sm_clock_mhz: mhz(i), event_reasons: reasons(i) },
  }));
const at = (...seconds: readonly number[]) => new Set(seconds);
const spansIn = (cause: string, telemetry: Partial<Parameters<typeof signalsOf>[0]>) => {
  const found = signalsOf({ gpu: [], host: [], preemptions: [], ...telemetry }).find(s => s.cause === cause);
  return found && Array.from(found.spans.start, (s, i) => [s / S, (found.spans.end[i] ?? 0) / S]);
};

describe('signals stand out', () => {
  const bursts = at(10, 30);
  test('paging: a hundred faults a second and more', () => {
    expect(spansIn('paging', { host: host(i => ({ major_faults: bursts.has(i) ? 100 : 0 })) })).toEqual([
      [9, 10],
      [29, 30],
    ]);
    expect(spansIn('paging', { host: host(i => ({ major_faults: bursts.has(i) ? 99 : 0 })) })).toEqual([]);
  });
  test('disks: a tenth of the time of pressure, and not while pages were read', () => {
    const waited = (us: number, faults: number) =>
      host(i => ({ psi_io_some_us: bursts.has(i) ? us : 0, major_faults: i === 10 ? faults : 0 }));
    expect(spansIn('storage-io', { host: waited(100_000, 0) })).toHaveLength(2);
    expect(spansIn('storage-io', { host: waited(99_999, 0) })).toEqual([]);
    expect(spansIn('storage-io', { host: waited(100_000, 500) })).toEqual([[29, 30]]);
  });
  test('disks: by iowait where there is no pressure, by how busy they were where there is neither', () => {
    expect(spansIn('storage-io', { host: host(i => ({ cpu_iowait_ticks: bursts.has(i) ? 50 : 0 })) })).toHaveLength(2);
    expect(spansIn('storage-io', { host: host(i => ({ disk_io_ms: bursts.has(i) ? 900 : 0 })) })).toHaveLength(2);
    expect(spansIn('storage-io', { host: host(() => ({ context_switches: 5 })) })).toBeUndefined();
  });
  test('clocks: two percent below the usual, with a reason where reasons are recorded', () => {
    const low = (share: number) => (i: number) => (bursts.has(i) ? 1980 * share : 1980);
    expect(spansIn('clock-throttle', { gpu: gpu(low(0.9), i => (bursts.has(i) ? 0x4 : 0)) })).toHaveLength(2);
    expect(spansIn('clock-throttle', { gpu: gpu(low(0.9), () => 0) })).toEqual([]);
    expect(spansIn('clock-throttle', { gpu: gpu(low(0.9), () => null) })).toHaveLength(2);
    expect(spansIn('clock-throttle', { gpu: gpu(low(0.981), () => null) })).toEqual([]);
  });
  test('nothing of which there are no readings', () => expect(signalsOf({ gpu: [], host: [], preemptions: [] })).toEqual([]));
});

describe('a signal is shown', () => {
  const range = [0, 60 * S] as const;
  const faults = (seconds: ReadonlySet<number>) =>
    signalsOf({ gpu: [], preemptions: [], host: host(i => ({ major_faults: seconds.has(i) ? 500 : 0 })) });
  const slow = (...seconds: readonly number[]) => spansOf(seconds.map(s => [(s - 1) * S, s * S] as const));
  const tested = (seconds: ReadonlySet<number>, ...slowAt: readonly number[]) =>
    testSignals(faults(seconds), () => slow(...slowAt), range)[0];
  test('where it lies in all slow stretches and nowhere else', () =>
    expect(tested(at(5, 17, 31, 52), 5, 17, 31, 52)).toMatchObject({ isShown: true, met: 4 }));
  test('not where it met one of many', () => expect(tested(at(5, 20, 41), 5, 12, 33, 52)).toMatchObject({ isShown: false, met: 1 }));
  test('not where requests were never held up: there is nothing to compare', () =>
    expect(tested(at(5, 20))).toMatchObject({ isShown: false, p: undefined, best: undefined }));
});
