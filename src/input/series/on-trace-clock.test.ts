import { describe, expect, test } from 'vitest';
import { type GpuSampleRow, HostSampleRow } from '#schema/relation';
import { mergeGpu, mergeHost } from './on-trace-clock.ts';

const none = Object.fromEntries(Object.keys(HostSampleRow.shape).map(key => [key, null]));
const host = (t: number, some: Partial<HostSampleRow>) => ({ ...HostSampleRow.parse({ ...none, t_ms: t }), ...some, t });
const gpu = (t: number, index: number, power: number) => ({ t, gpu: index, power_w: power }) as GpuSampleRow & { t: number };

describe('samples of the host from several tools', () => {
  const iostat = [host(0, { disk_reads: 1 }), host(10, { disk_reads: 2, major_faults: 700 })];
  const vmstat = [0, 5, 10].map(t => host(t, { major_faults: t, disk_reads: t === 5 ? 9 : null }));
  const merged = mergeHost([iostat, vmstat]);
  test('have each counter from the one that has most of it, since each counts from its own zero', () => {
    expect(merged.map(r => [r.t, r.disk_reads, r.major_faults])).toEqual([
      [0, 1, null],
      [0, null, 0],
      [5, null, 5],
      [10, 2, null],
      [10, null, 10],
    ]);
  });
  test('of one tool are left as they are', () => expect(mergeHost([iostat])).toBe(iostat));
  test('of none are none', () => expect(mergeHost([])).toEqual([]));
});

test('each GPU is taken from the tool that looked at it most often', () => {
  const often = [gpu(0, 0, 100), gpu(1, 0, 101), gpu(2, 0, 102)];
  const seldom = [gpu(0, 0, 90), gpu(0, 1, 50), gpu(2, 1, 51)];
  expect([...mergeGpu([seldom, often])].map(r => [r.t, r.gpu, r.power_w])).toEqual([
    [0, 1, 50],
    [0, 0, 100],
    [1, 0, 101],
    [2, 1, 51],
    [2, 0, 102],
  ]);
});
