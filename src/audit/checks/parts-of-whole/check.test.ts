import { describe, expect, test } from 'vitest';
import { audit } from '#audit/audit';
import { statementsOfFacts } from '#audit/series/facts';
import { statementsOfGpus } from '#audit/series/gpu';
import { statementsOfHost } from '#audit/series/host';
import { statementsOfSamples } from '#audit/series/samples';
import type { Statement } from '#audit/statement';
import { EMPTY_GPU, EMPTY_HOST } from '#input/series/empty-rows';
import type { FactRow, GpuSampleRow, HostSampleRow, SampleRow } from '#schema/relation';

const said = (statements: readonly Statement[]) => audit(statements).map(c => `${c.check}: ${c.sentence}`);

describe('the utilization of a GPU', () => {
  const at = (utilization_pct: number): GpuSampleRow => ({ ...EMPTY_GPU, utilization_pct });
  test('may be all of the time', () => expect(said(statementsOfGpus([at(3), at(100)], 'gpu.csv'))).toEqual([]));
  test('cannot be more', () =>
    expect(said(statementsOfGpus([at(3), at(104)], 'gpu.csv'))).toEqual([
      'parts-of-whole: GPU 0, utilization: the greatest of 104 %, which is more than all of the time, 100 %.',
    ]));
});

describe('memory of nvidia-smi -q -x', () => {
  const memory = (used: number, free: number): FactRow[] =>
    Object.entries({ total: 143771, reserved: 616, used, free }).map(([name, value]) => ({
      entity: 'GPU 1',
      name: `fb_memory_usage.${name}`,
      value,
      unit: 'MiB',
    }));
  // The sums of a real H200 are one above its total.
  test('is rounded', () => expect(said(statementsOfFacts(memory(0, 143156), 'q.xml'))).toEqual([]));
  test('cannot be more in parts than in all', () =>
    expect(said(statementsOfFacts(memory(800, 143156), 'q.xml'))).toEqual([
      'parts-of-whole: GPU 1, memory: used 800 MiB + free 143,156 MiB + reserved 616 MiB = 144,572 MiB, which is more than total 143,771 MiB.',
    ]));
});

describe('the pressure of a host', () => {
  const at = (t_s: number, waited_s: number): HostSampleRow => ({ ...EMPTY_HOST, t_ms: t_s * 1e3, psi_io_some_us: waited_s * 1e6 });
  test('may fill all the time, and be told late', () =>
    expect(said(statementsOfHost([at(0, 700), at(30, 730), at(60, 762)], 'host.csv', 'host-csv'))).toEqual([]));
  test('cannot be longer than the clock ran, as in a wrong unit', () =>
    expect(said(statementsOfHost([at(0, 700), at(60, 17_700)], 'host.csv', 'host-csv'))).toEqual([
      'parts-of-whole: the host, pressure (psi_io_some): some task waited for input or output 17,000 s, which is more than the time that passed, 60 s.',
    ]));
  test('counts anew after a restart', () => expect(said(statementsOfHost([at(0, 700), at(60, 3)], 'host.csv', 'host-csv'))).toEqual([]));
});

describe('CPU shares', () => {
  const at = (t_s: number, user: number): HostSampleRow => ({
    ...EMPTY_HOST,
    t_ms: t_s * 1e3,
    cpu_user_ticks: user,
    cpu_system_ticks: 12 * t_s,
    cpu_idle_ticks: 40 * t_s,
    cpu_iowait_ticks: 9 * t_s,
  });
  test('of vmstat are rounded to whole percent', () =>
    expect(said(statementsOfHost([at(0, 0), at(1, 40)], 'v.txt', 'vmstat'))).toEqual([]));
  test('of vmstat make no more than all, in any interval', () =>
    expect(said(statementsOfHost([at(0, 0), at(1, 39), at(2, 119), at(3, 130)], 'v.txt', 'vmstat'))).toEqual([
      'parts-of-whole: the host, CPU time: user 80 % + system 12 % + idle 40 % + waiting 9 % = 141 %, which is more than all of it, 100 %.',
    ]));
  test('of a machine whose CPUs are not counted are left alone', () =>
    expect(said(statementsOfHost([at(0, 0), at(1, 800)], 'host.csv', 'host-csv'))).toEqual([]));
});

describe('samples', () => {
  const sample = (entity: string, metric: string, unit: string, value: number): SampleRow => ({
    t_ms: 0,
    entity,
    metric,
    unit,
    value,
    nature: 'gauge',
    window_ms: null,
  });
  const wall = (...watts: number[]) => [
    sample('wall', 'power', 'W', 2511.1),
    ...watts.map((w, i) => sample(`wall channel ${i + 1}`, 'power', 'W', w)),
  ];
  test('of a meter: its channels make its total', () =>
    expect(said(statementsOfSamples(wall(849.2, 862.1, 799.8), 'spl.txt'))).toEqual([]));
  test('of a meter: a channel is missing from the total', () =>
    expect(said(statementsOfSamples(wall(849.2, 862.1, 799.8, 40.5), 'spl.txt'))[0]).toMatch(
      /^parts-of-whole: wall, mean power: .* = 2,552 W, which is more than the total of 2,511 W\.$/,
    ));
  test.each<[name: string, unit: string, value: number, found: number]>([
    ['DCGM_FI_DEV_GPU_UTIL', '%', 100, 0],
    ['DCGM_FI_DEV_GPU_UTIL', '%', 101, 1],
    ['DCGM_FI_PROF_DRAM_ACTIVE', '', 1.01, 0],
    ['DCGM_FI_PROF_DRAM_ACTIVE', '', 37.5, 1],
    ['DCGM_FI_DEV_FAN_SPEED', '%', 105, 0],
    ['DCGM_FI_DEV_FB_USED', 'MiB', 70_000, 0],
  ])('of DCGM: %s in "%s" at %d', (name, unit, value, found) =>
    expect(said(statementsOfSamples([sample('GPU 0', name, unit, value)], 'dcgm.prom'))).toHaveLength(found),
  );
  test('of a process may pass 100 %, as it has threads', () =>
    expect(said(statementsOfSamples([sample('pid 7 (python3)', '%CPU', '%', 780)], 'pidstat.txt'))).toEqual([]));
});
