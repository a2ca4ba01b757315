import { describe, expect, test } from 'vitest';
import type { GpuSampleRow, SampleRow } from '#schema/relation';
import { gpuSources, mergeSources, sampleSources } from './sources.ts';

const seconds = (t_ms: number) => t_ms / 1000;
const sample = (
  t_ms: number,
  entity: string,
  metric: string,
  unit: string,
  value: number,
  nature: SampleRow['nature'] = 'gauge',
): SampleRow => ({
  ...{ t_ms, entity, metric, unit, value, nature, window_ms: null },
});
const gpuRow = (t_ms: number, power_w: number | null, utilization_pct: number | null): GpuSampleRow => ({
  ...{ t_ms, gpu: 3, power_w, utilization_pct, name: null, power_limit_w: null, sm_clock_mhz: null },
  ...{ mem_clock_mhz: null, temperature_c: null, memory_used_mib: null, event_reasons: null },
});

describe('meters in a series of samples', () => {
  test('are those with power, in whatever unit, each with its energy counter', () => {
    const rows = [
      sample(0, 'GPU 0', 'power', 'mW', 300_000),
      sample(0, 'GPU 0', 'energy', 'mJ', 5000, 'counter'),
      sample(0, 'module 0', 'power', 'W', 500),
      sample(0, 'disk vda', 'power', 'W', 5),
      sample(0, 'GPU 0', 'sm clock', 'MHz', 1980),
    ];
    expect(sampleSources(rows, seconds)).toEqual([
      { entity: 'GPU 0', level: 'gpu', power: [{ t: 0, value: 300 }], counter: [{ t: 0, value: 5 }], idle_w: undefined },
      { entity: 'module 0', level: 'module', power: [{ t: 0, value: 500 }], counter: [], idle_w: undefined },
    ]);
  });
  test('do not count the parts of another, nor what may be drawn at most', () => {
    const rows = [
      ...[sample(0, 'wall', 'power', 'W', 2000), sample(0, 'wall channel 1', 'power', 'W', 900)],
      ...[sample(0, 'GPU 0', 'power limit', 'W', 700), sample(0, 'GPU 1', 'power', 'W', 400), sample(0, 'GPU 10', 'power', 'W', 300)],
    ];
    expect(sampleSources(rows, seconds).map(s => s.entity)).toEqual(['wall', 'GPU 1', 'GPU 10']);
  });
});

describe('power of a GPU at rest', () => {
  const rest = (rows: readonly GpuSampleRow[]) => gpuSources(rows, row => seconds(row.t_ms))[0]?.idle_w;
  test('is read two seconds after the last work, when the averages have settled', () =>
    expect(rest([gpuRow(0, 600, 90), gpuRow(1000, 400, 0), gpuRow(2000, 120, 0), gpuRow(3000, 80, 0), gpuRow(4000, 70, 0)])).toBe(75));
  test('is not known where the GPU never rested, or does not tell', () => {
    expect(rest([gpuRow(0, 600, 0), gpuRow(1000, 600, 90), gpuRow(2000, 90, 0)])).toBeUndefined();
    expect(rest([gpuRow(0, 80, null), gpuRow(5000, 80, null)])).toBeUndefined();
  });
  test('a GPU whose power was never read is no meter', () => expect(gpuSources([gpuRow(0, null, 0)], () => 0)).toEqual([]));
});

describe('several files that meter one thing', () => {
  const power = gpuSources([gpuRow(0, 300, 50)], () => 0);
  const counted = sampleSources(
    [sample(0, 'GPU 3', 'energy', 'J', 7, 'counter'), sample(0, 'GPU 4', 'energy', 'J', 7, 'counter')],
    seconds,
  );
  test('give its power and its counter together; a counter alone is no power', () => {
    for (const sources of [mergeSources([...power, ...counted]), mergeSources([...counted, ...power])])
      expect(sources.map(s => ({ ...s, power: [...s.power], counter: [...s.counter] }))).toEqual([
        { entity: 'GPU 3', level: 'gpu', power: [{ t: 0, value: 300 }], counter: [{ t: 0, value: 7 }], idle_w: undefined },
      ]);
  });
  test('do not count twice', () => expect(mergeSources([...power, ...power])).toHaveLength(1));
});
