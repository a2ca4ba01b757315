import { describe, expect, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import { cardOf } from '#schema/gpu-card';
import type { Clock, GpuSampleRow, RequestRow, RunSummary, SampleRow } from '#schema/relation';
import type { NamedSeries } from './clocks.ts';
import type { EnergyFacts } from './facts.ts';
import { energyOfFiles } from './of-files.ts';
import type { FileOptions } from './of-run.ts';
import { readMoments } from './window.ts';

const EPOCH: Clock = { kind: 'epoch', uncertainty_ms: 0 };
const ZONELESS: Clock = { kind: 'zoneless', uncertainty_ms: 500 };
/** 2026-11-22 10:00:00 UTC. */
const ORIGIN = 1_795_341_600_000_000_000n;
/** GPUs whose power is of the moment. */
const CARDS = new Map([0, 1].map(gpu => [gpu, cardOf({ power_window_s: 0 })]));
const of = (path: string, series: Omit<NamedSeries['series'], 'format' | 'limits' | 'warnings'>): NamedSeries =>
  ({ path, series: { format: 'test', limits: [], warnings: [], cards: CARDS, ranBack_ms: 0, ...series } }) as NamedSeries;

const gpuRow = (t_ms: number, gpu: number, power_w: number, utilization_pct: number): GpuSampleRow => ({
  ...{ t_ms, gpu, power_w, utilization_pct, name: null, power_limit_w: null, sm_clock_mhz: null },
  ...{ mem_clock_mhz: null, temperature_c: null, memory_used_mib: null, event_reasons: null },
});
/** The account of at most one run. */
function energyOf(files: readonly NamedSeries[], options: FileOptions): EnergyFacts {
  const found = energyOfFiles(files, options);
  if ('runs' in found) throw new Error('several runs');
  return found;
}
/** Two GPUs for 60 s at 10 Hz: at rest, then at work from 20 s to 50 s. GPU 1 works half as hard. */
const gpu = (clock: Clock = EPOCH) =>
  of('gpu.csv', {
    kind: 'gpu',
    clock,
    origin_ns: ORIGIN,
    rows: Array.from({ length: 601 }, (_, i) => i * 100).flatMap(t => {
      const busy = t >= 20_000 && t <= 50_000;
      // A meter is never quite still.
      const jitter = (t / 100) % 2;
      return [gpuRow(t, 0, (busy ? 600 : 80) + jitter, busy ? 95 : 0), gpuRow(t, 1, (busy ? 300 : 70) + jitter, busy ? 50 : 0)];
    }),
  });
const requestRow = (id: number, arrival_ms: number, finish_ms: number, output_tokens: number | null): RequestRow => ({
  ...{ id: String(id), intended_ms: null, arrival_ms, scheduled_ms: null, first_token_ms: null, finish_ms },
  ...{ prompt_tokens: null, output_tokens, itl_ms: null, status: 'ok' as const },
});
/** 30 requests, one a second, from 22 s to 52 s less two: its origin lies 22 s after the GPU samples'. */
const requests = (tokens: number | null = 900, clock: Clock = EPOCH) =>
  of('load.jsonl', {
    kind: 'requests',
    clock,
    origin_ns: ORIGIN + 22_000_000_000n,
    rows: Array.from({ length: 25 }, (_, i) => requestRow(i, i * 1000, i * 1000 + 1000, tokens)),
  });
const wall = of('meter.txt', {
  kind: 'samples',
  clock: EPOCH,
  origin_ns: ORIGIN,
  rows: Array.from(
    { length: 61 },
    (_, i): SampleRow => ({
      ...{ t_ms: i * 1000, entity: 'wall', metric: 'power', unit: 'W', value: 2000 + (i % 2) },
      ...{ nature: 'average', window_ms: 1000 },
    }),
  ),
});
const summaryRow = (change: Partial<RunSummary>): RunSummary => ({
  ...{ label: null, model: null, start_ms: 25_000, end_ms: 45_000, duration_s: 20, requested_rate: null, concurrency: null, gpus: 2 },
  ...{ sent: null, completed: null, failed: null, input_tokens: null, output_tokens: null, requests_per_s: null },
  ...{ completed_in_window: null, output_tokens_in_window: null },
  ...{ output_tokens_per_s: 1800, total_tokens_per_s: null, latency: [], windows: [], power: null },
  ...change,
});
const summary = (change: Partial<RunSummary>, clock: Clock = EPOCH) =>
  of('summary.json', { kind: 'summary', clock, origin_ns: ORIGIN, rows: [summaryRow(change)] });
/** A sweep: runs that follow one another. */
const sweep = (...changes: readonly Partial<RunSummary>[]) =>
  of('sweep.json', { kind: 'summary', clock: EPOCH, origin_ns: ORIGIN, rows: changes.map(summaryRow) });
const STEPS = [
  { concurrency: 1, start_ms: 5_000, end_ms: 15_000, output_tokens_per_s: 10 },
  { concurrency: 2, start_ms: 25_000, end_ms: 35_000, output_tokens_per_s: 1800 },
  { concurrency: 4, start_ms: 35_000, end_ms: 45_000, output_tokens_per_s: 2700 },
];
/** The accounts of several runs, and the failures among them. */
function energiesOf(files: readonly NamedSeries[], options: FileOptions = { prices: {} }) {
  const found = energyOfFiles(files, options);
  if (!('runs' in found)) throw new Error('a single run');
  const runs = found.runs.map(({ energy, ...run }) =>
    energy instanceof ForensicsError ? { ...run, energy: null, why: energy.message } : { ...run, energy, why: null },
  );
  return { runs, overlap: found.overlap };
}

describe('a run priced from its files', () => {
  test('is the load test’s window on the GPUs’ clock, with its output tokens', () => {
    const energy = energyOf([gpu(), requests()], { prices: {} });
    expect(energy.window).toMatchObject({ start_ns: String(ORIGIN + 22_000_000_000n), length_s: 25 });
    expect(energy.tokens).toEqual({ which: 'output', count: 22_500, per_s: 900 });
    const [total] = energy.totals;
    expect(total?.mean_w).toBeCloseTo(901, 1);
    expect(total?.tokens_per_joule).toBeCloseTo(900 / 901, 3);
    expect(total).toMatchObject({ level: 'gpu', entities: 2, valid: true });
    expect(total?.idle_share).toBeCloseTo(151 / 901, 3);
  });
  test('leaves out GPUs that stood by', () => {
    const energy = energyOf([gpu(), requests()], { prices: { gpuHourUsd: 3.6 }, gpus: [0] });
    expect(energy.totals[0]).toMatchObject({ entities: 1, cost: { gpus: 1 } });
    expect(energy.totals[0]?.cost?.usd_per_million_tokens).toBeCloseTo(3.6 / (0.9 * 3.6), 9);
  });
  test('keeps the wall apart from the GPUs', () => {
    const energy = energyOf([gpu(), wall, summary({})], { prices: { kwhUsd: 0.1 } });
    expect(energy.totals.map(t => [t.level, Math.round(t.mean_w)])).toEqual([
      ['gpu', 901],
      ['wall', 2001],
    ]);
    expect(energy.totals[1]?.tokens_per_joule).toBeCloseTo(1800 / 2000.5, 4);
  });
  test('takes rest from where it is told', () => {
    const energy = energyOf([wall, summary({})], { prices: {}, idle: readMoments('0..10', '--idle-window') });
    expect(energy.totals[0]?.idle_share).toBeCloseTo(1, 3);
  });
  test('without a load test is all there is, and says so', () => {
    const energy = energyOf([gpu()], { prices: { kwhUsd: 0.1 } });
    expect(energy.window).toMatchObject({ length_s: 60, kind: { kind: 'all-readings' } });
    expect(energy.totals[0]).toMatchObject({ tokens_per_joule: null, cost: null });
    expect(energy.notes).toContain('tokens-unknown');
  });
  test('does not count tokens that one request does not tell', () =>
    expect(energyOf([gpu(), requests(null)], { prices: {} }).tokens).toBeNull());
});

describe('several runs', () => {
  test('each have an account over their own window, with their own tokens, in order', () => {
    const { runs, overlap } = energiesOf([gpu(), sweep(...STEPS)], { prices: { kwhUsd: 0.1 } });
    expect(runs.map(r => [r.file, r.run, r.concurrency, r.energy?.window.length_s, r.why])).toEqual([
      ['sweep.json', 1, 1, 10, null],
      ['sweep.json', 2, 2, 10, null],
      ['sweep.json', 3, 4, 10, null],
    ]);
    expect(runs.map(r => Math.round(r.energy!.totals[0]!.mean_w!))).toEqual([151, 901, 901]);
    expect(runs[2]?.energy?.totals[0]?.tokens_per_joule).toBeCloseTo(2700 / 901, 3);
    expect(runs[0]?.energy?.window).toMatchObject({
      start_ns: String(ORIGIN + 5_000_000_000n),
      kind: { kind: 'load-test', file: 'sweep.json', run: 1, of: 3 },
    });
    expect(overlap).toBe(false);
  });
  test('each are what they are alone', () => {
    const { runs } = energiesOf([gpu(), wall, sweep(...STEPS)], { prices: { gpuHourUsd: 2 }, gpus: [0] });
    STEPS.forEach((step, i) => {
      const alone = energyOf([gpu(), wall, sweep(step)], { prices: { gpuHourUsd: 2 }, gpus: [0] });
      expect({ ...runs[i]?.energy, window: {} }).toEqual({ ...alone, window: {} });
    });
  });
  test('may come of several files, of requests too', () => {
    const { runs } = energiesOf([summary({ start_ms: 5_000, end_ms: 15_000 }), gpu(), requests()]);
    expect(runs.map(r => [r.file, r.run, r.energy?.tokens?.count])).toEqual([
      ['summary.json', 1, null],
      ['load.jsonl', 1, 22_500],
    ]);
  });
  test('without times, or of another time, say so and leave the others alone', () => {
    const { runs } = energiesOf([gpu(), sweep({ end_ms: null }, STEPS[1] ?? {}, { start_ms: 90_000, end_ms: 95_000 })]);
    expect(runs.map(r => r.why)).toEqual([
      'run 1 of 3 of sweep.json does not say when the load test began and ended',
      null,
      'no power was read inside the window',
    ]);
    expect(runs.map(r => r.energy !== null)).toEqual([false, true, false]);
  });
  test('that overlap share the energy, and that is said', () => {
    const late = { start_ms: 34_000, end_ms: 45_000 };
    expect(energiesOf([gpu(), sweep(STEPS[1] ?? {}, late)]).overlap).toBe(true);
  });
  test('of which none can be placed are refused, with the reason', () =>
    expect(() => energiesOf([gpu(), sweep({ start_ms: null }, { end_ms: null })])).toThrow(
      'none of the 2 runs can be priced, the first because run 1 of 2 of sweep.json does not say when',
    ));
  test('are not priced over one window that is asked for', () =>
    expect(() => energiesOf([gpu(), sweep(...STEPS)], { prices: {}, window: readMoments('25..45', '--window') })).toThrow(
      'there are 3 runs (sweep.json)',
    ));
});

describe('a window that is asked for', () => {
  const priced = (text: string) => energyOf([gpu(), requests()], { prices: {}, window: readMoments(text, '--window') });
  test('may be seconds since the first reading, or dates', () => {
    expect(priced('30..40').window).toMatchObject({ start_ns: String(ORIGIN + 30_000_000_000n), length_s: 10 });
    expect(priced('0.5m..40s').window).toEqual(priced('30..40').window);
    expect(priced('2026-11-22T10:00:30..2026-11-22T11:00:40+01:00').window).toEqual(priced('30..40').window);
  });
  test('counts the tokens of requests that ended in it', () => expect(priced('30.5..40.5').tokens?.count).toBe(9000));
  test.each(['10', '20..10', 'a..b', '1..2..3', '2026-13-45T00:00..2026-11-22T10:00'])('%s is refused', text =>
    expect(() => priced(text)).toThrow(/stretch of time|before it begins|no moment/),
  );
  test('is refused where no power was read', () => expect(() => priced('600..700')).toThrow('no power was read'));
});

describe('files that cannot be laid over one another are refused', () => {
  test('a load test on a clock of its own', () =>
    expect(() => energyOf([gpu(), requests(900, { kind: 'relative' })], { prices: {} })).toThrow('same moment'));
  test('but not where the window is told', () =>
    expect(energyOf([gpu(), summary({}, { kind: 'none' })], { prices: {}, window: readMoments('25..45', '--window') }).tokens?.per_s).toBe(
      1800,
    ));
  test('and then a load test counts at its own rate, since its requests cannot be placed', () => {
    const window = readMoments('25..45', '--window');
    expect(energyOf([gpu(), requests(900, { kind: 'relative' })], { prices: {}, window }).tokens).toMatchObject({
      count: 22_500,
      per_s: 900,
    });
  });
  test('two power logs on clocks of their own', () => {
    const own = [gpu({ kind: 'relative' }), { ...wall, series: { ...wall.series, clock: { kind: 'relative' as const } } }];
    expect(() => energyOf(own, { prices: {} })).toThrow('same moment');
    expect(energyOf([gpu({ kind: 'relative' })], { prices: {} }).window.length_s).toBe(60);
  });
  test('a summary without times', () =>
    expect(() => energyOf([gpu(), summary({ start_ms: null })], { prices: {} })).toThrow('does not say when'));
  test('stamps with and without a zone, until the zone is told', () => {
    expect(() => energyOf([gpu(ZONELESS), requests()], { prices: {} })).toThrow('no time zone');
    expect(() => energyOf([gpu(ZONELESS), requests()], { prices: {}, zoneHours: 5.5 })).toThrow('no power was read');
    expect(energyOf([gpu(ZONELESS), requests()], { prices: {}, zoneHours: 0 }).totals[0]?.valid).toBe(true);
  });
  test('no power at all', () => expect(() => energyOf([requests()], { prices: {} })).toThrow('none of the files holds power'));
});
