import { describe, expect, test } from 'vitest';
import type { RequestRow, RequestSeries } from '#schema/relation';
import { THOROUGH } from '#test/thorough';
import { type MeasuredRun, overheadOf } from './overhead.ts';

/** mulberry32 (public domain). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const series = (rows: readonly RequestRow[]): RequestSeries => ({
  kind: 'requests',
  format: 'test',
  clock: { kind: 'epoch', uncertainty_ms: 0 },
  origin_ns: 1_795_338_219_000_000_000n,
  rows: [...rows],
  warnings: [],
  limits: [],
});
const row = (id: number, arrival_ms: number, latency_ms: number, more: Partial<RequestRow> = {}): RequestRow => ({
  id: String(id),
  intended_ms: null,
  arrival_ms,
  scheduled_ms: null,
  first_token_ms: arrival_ms + latency_ms / 4,
  finish_ms: arrival_ms + latency_ms,
  prompt_tokens: 100,
  output_tokens: 50,
  itl_ms: null,
  status: 'ok',
  ...more,
});

/** Requests at a steady pace whose latencies scatter around `typical`; neighbours resemble each other by `memory` (an AR(1) process). */
function requests(seed: number, options: { n: number; typical: number; memory?: number; everyMs?: number }): MeasuredRun {
  const random = generator(seed);
  const { n, typical, memory = 0, everyMs = 50 } = options;
  let level = normal(random);
  const rows = Array.from({ length: n }, (_, i) => {
    level = memory * level + Math.sqrt(1 - memory ** 2) * normal(random);
    return row(i, i * everyMs, typical * Math.exp(0.2 * level));
  });
  return { series: series(rows), from: 0, to: n * everyMs };
}
const changeOf = (metric: string, control: MeasuredRun, recorded: MeasuredRun) =>
  overheadOf(control, recorded).find(o => o.metric === metric);

test('a slow-down that is there lies inside of the interval, and nothing does not', () => {
  const [control, recorded] = [requests(1, { n: 490, typical: 200 }), requests(2, { n: 490, typical: 220 })];
  for (const metric of ['end-to-end p50', 'time to first token p50']) {
    const { change, change_ci } = changeOf(metric, control, recorded)!;
    expect(change).toBeCloseTo(0.1, 1);
    expect(change_ci![0]).toBeLessThan(0.1);
    expect(change_ci![1]).toBeGreaterThan(0.1);
    expect(change_ci![0]).toBeGreaterThan(0);
  }
});

test('the same requests give the same interval', () => {
  const [control, recorded] = [requests(3, { n: 200, typical: 100 }), requests(4, { n: 200, typical: 100 })];
  expect(overheadOf(control, recorded)).toEqual(overheadOf(control, recorded));
});

test.skipIf(!THOROUGH)('the 95 % interval holds the truth in about 95 of 100 pairs of runs, also where neighbours wait together', () => {
  const PAIRS = 40;
  const brief = (seed: number, typical: number, memory: number): MeasuredRun => {
    const run = requests(seed, { n: 40, typical, memory });
    // Without first tokens there is one interval to draw, not two.
    return { ...run, series: series(run.series.rows.map(r => ({ ...r, first_token_ms: null }))) };
  };
  for (const memory of [0, 0.4]) {
    let held = 0;
    for (let pair = 0; pair < PAIRS; pair++) {
      const [control, recorded] = [brief(1000 + 2 * pair, 100, memory), brief(1001 + 2 * pair, 110, memory)];
      const [low, high] = changeOf('end-to-end p50', control, recorded)!.change_ci!;
      if (low <= 0.1 && 0.1 <= high) held++;
    }
    // A true 95 % interval misses more than 6 of 40 in one of 300 simulations; blocks of four neighbours see less than all of the memory.
    expect(held).toBeGreaterThanOrEqual(memory === 0 ? 34 : 31);
  }
});

describe('an interval wants enough', () => {
  test('for a median 30 requests', () => {
    const enough = requests(5, { n: 30, typical: 100 });
    const few = requests(6, { n: 29, typical: 100 });
    expect(changeOf('end-to-end p50', enough, enough)?.change_ci).not.toBeNull();
    expect(changeOf('end-to-end p50', enough, few)?.change_ci).toBeNull();
    expect(changeOf('end-to-end p50', few, enough)?.change_ci).toBeNull();
    expect(changeOf('end-to-end p50', few, enough)?.change).toBeTypeOf('number');
  });
  test('for a p99 500 requests', () => {
    const [enough, few] = [requests(7, { n: 500, typical: 100 }), requests(8, { n: 499, typical: 100 })];
    expect(changeOf('end-to-end p99', enough, enough)?.change_ci).not.toBeNull();
    expect(changeOf('end-to-end p99', enough, few)?.change_ci).toBeNull();
  });
  test('for a rate ten whole seconds', () => {
    const [enough, few] = [requests(9, { n: 200, typical: 100 }), requests(10, { n: 199, typical: 100 })];
    expect(changeOf('requests finished', enough, enough)?.change_ci).not.toBeNull();
    expect(changeOf('requests finished', enough, few)?.change_ci).toBeNull();
  });
});

test('only what arrived in the window and ended well is measured', () => {
  const rows = [
    ...Array.from({ length: 40 }, (_, i) => row(i, i * 100, 10)),
    row(100, 5000, 9999),
    row(101, 100, 9999, { status: 'failed' }),
    row(102, 200, 9999, { status: 'unfinished', finish_ms: null }),
  ];
  const run = { series: series(rows), from: 0, to: 4000 };
  expect(changeOf('end-to-end p50', run, run)).toMatchObject({ control: 10, recorded: 10, change: 0 });
  expect(changeOf('end-to-end p99', run, run)).toMatchObject({ control: 10 });
});

test('a metric that cannot be measured in one of the runs is left out', () => {
  const rows = Array.from({ length: 40 }, (_, i) => row(i, i * 100, 10, { first_token_ms: null }));
  const run = { series: series(rows), from: 0, to: 4000 };
  expect(overheadOf(run, run).map(o => o.metric)).not.toContain('time to first token p50');
  expect(overheadOf(run, { ...run, from: 5000, to: 5500 })).toEqual([]);
});

test('throughput counts what finished, by the second', () => {
  const control = { series: series(Array.from({ length: 240 }, (_, i) => row(i, i * 100, 10))), from: 0, to: 24_000 };
  const recorded = { series: series(Array.from({ length: 216 }, (_, i) => row(i, (i * 1000) / 9, 10))), from: 0, to: 24_000 };
  expect(changeOf('requests finished', control, recorded)).toMatchObject({ control: 10, recorded: 9 });
  expect(changeOf('requests finished', control, recorded)?.change).toBeCloseTo(-0.1, 9);
  expect(changeOf('tokens generated', control, recorded)).toMatchObject({ control: 500, recorded: 450 });
});
