import { describe, expect, test } from 'vitest';
import { cardOf, type GpuCard } from '#schema/gpu-card';
import type { GpuSampleRow, SampleRow } from '#schema/relation';
import { mergeSources } from './merge-sources.ts';
import { gpuSources, type PowerSource, sampleSources } from './sources.ts';

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

const metered = { cards: new Map(), ranBack_ms: 0 };
const ofSamples = (rows: readonly SampleRow[], path = 's.prom') => sampleSources({ path, series: { rows, ...metered } }, seconds);
const ofGpu = (rows: readonly GpuSampleRow[], path = 'g.csv', cards: ReadonlyMap<number, GpuCard> = new Map()) =>
  gpuSources({ path, series: { rows, ranBack_ms: 0, cards } }, row => seconds(row.t_ms));
const toldOf = ({ entity, level, power, counter, idle_w }: PowerSource) => ({
  entity,
  level,
  power: [...power],
  counter: [...counter],
  idle_w,
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
    expect(ofSamples(rows).map(toldOf)).toEqual([
      { entity: 'GPU 0', level: 'gpu', power: [{ t: 0, value: 300 }], counter: [{ t: 0, value: 5 }], idle_w: undefined },
      { entity: 'module 0', level: 'module', power: [{ t: 0, value: 500 }], counter: [], idle_w: undefined },
    ]);
  });
  test('do not count the parts of another, nor what may be drawn at most', () => {
    const rows = [
      ...[sample(0, 'wall', 'power', 'W', 2000), sample(0, 'wall channel 1', 'power', 'W', 900)],
      ...[sample(0, 'GPU 0', 'power limit', 'W', 700), sample(0, 'GPU 1', 'power', 'W', 400), sample(0, 'GPU 10', 'power', 'W', 300)],
    ];
    expect(ofSamples(rows).map(s => s.entity)).toEqual(['wall', 'GPU 1', 'GPU 10']);
  });
});

describe('power of a GPU at rest', () => {
  const rest = (rows: readonly GpuSampleRow[]) => ofGpu(rows)[0]?.idle_w;
  test('is read two seconds after the last work, when the averages have settled', () =>
    expect(rest([gpuRow(0, 600, 90), gpuRow(1000, 400, 0), gpuRow(2000, 120, 0), gpuRow(3000, 80, 0), gpuRow(4000, 70, 0)])).toBe(75));
  test('is not known where the GPU never rested, or does not tell', () => {
    expect(rest([gpuRow(0, 600, 0), gpuRow(1000, 600, 90), gpuRow(2000, 90, 0)])).toBeUndefined();
    expect(rest([gpuRow(0, 80, null), gpuRow(5000, 80, null)])).toBeUndefined();
  });
  test('a GPU whose power was never read is no meter', () => expect(ofGpu([gpuRow(0, null, 0)])).toEqual([]));
});

describe('several files that meter one thing', () => {
  const power = ofGpu([gpuRow(0, 300, 50)]);
  const counted = ofSamples([sample(0, 'GPU 3', 'energy', 'J', 7, 'counter'), sample(0, 'GPU 4', 'energy', 'J', 7, 'counter')]);
  test('give its power and its counter together; a counter alone is no power', () => {
    for (const sources of [mergeSources([...power, ...counted], 'unknown'), mergeSources([...counted, ...power], 'unknown')])
      expect(sources.map(toldOf)).toEqual([
        { entity: 'GPU 3', level: 'gpu', power: [{ t: 0, value: 300 }], counter: [{ t: 0, value: 7 }], idle_w: undefined },
      ]);
  });
  test('do not count twice on one machine', () => expect(mergeSources([...power, ...power], 'one')).toHaveLength(1));
  test('may be one GPU or two where nothing names it', () =>
    expect(() => mergeSources([...power, ...ofGpu([gpuRow(0, 200, 50)], 'other.csv')], 'unknown')).toThrow(
      'GPU 3 of g.csv and GPU 3 of other.csv may be one GPU or two',
    ));

  const card = (uuid: string, t_ms: number, power_w: number, path: string) =>
    ofGpu([gpuRow(t_ms, power_w, 50)], path, new Map([[3, cardOf({ uuid })]]));
  test('are one card by its UUID, and its readings follow one another', () => {
    const [one, ...rest] = mergeSources([...card('GPU-aaaa', 9000, 200, 'late.csv'), ...card('GPU-AAAA', 0, 300, 'early.csv')], 'unknown');
    expect(rest).toEqual([]);
    expect([...(one?.power ?? [])]).toEqual([
      { t: 0, value: 300 },
      { t: 9, value: 200 },
    ]);
  });
  test('are two cards by their UUIDs, whatever their numbers, and are called by their files', () =>
    expect(
      mergeSources([...card('GPU-aaaa', 0, 600, '/a/nodeA.csv'), ...card('GPU-bbbb', 0, 300, '/b/nodeB.csv')], 'unknown').map(
        s => s.entity,
      ),
    ).toEqual(['GPU 3 (nodeA.csv)', 'GPU 3 (nodeB.csv)']));
});
