import { describe, expect, test } from 'vitest';
import { cardOf } from '#schema/gpu-card';
import { accountFor } from './account.ts';
import { costOf } from './prices.ts';
import type { PowerSource } from './sources.ts';

const source = (entity: string, level: PowerSource['level'], watts: number, idle_w?: number): PowerSource => ({
  ...{ entity, level, gpu: level === 'gpu' ? Number(entity.slice(-1)) : undefined, path: 'gpu.csv', ranBack: false },
  card: cardOf({ power_window_s: 0 }),
  power: Array.from({ length: 201 }, (_, i) => ({ t: i / 10, value: watts })),
  counter: [],
  idle_w,
});
const run = {
  window: [0, 20] as const,
  start_ns: 0n,
  kind: { kind: 'asked-for' as const },
  tokens: { which: 'output' as const, count: 60_000, per_s: 3000 },
  prices: {},
  inUse: (s: PowerSource) => s.entity !== 'GPU 2',
};
const sources = [
  source('GPU 0', 'gpu', 500, 75),
  source('GPU 1', 'gpu', 700, 75),
  source('GPU 2', 'gpu', 80),
  source('wall', 'wall', 2000),
];
const energy = accountFor({ ...run, sources })!;
const [gpu, wall] = energy.totals;

describe('an account of a run', () => {
  test('keeps levels apart, and leaves out what stood by', () => {
    expect(gpu).toMatchObject({ level: 'gpu', entities: 2, valid: true });
    expect(gpu?.energy_j).toBeCloseTo(24_000, 6);
    expect(wall?.energy_j).toBeCloseTo(40_000, 6);
    expect(energy.metered.map(m => m.in_use)).toEqual([true, true, false, true]);
  });
  test('has tokens per joule for each level', () => {
    expect(gpu?.tokens_per_joule).toBeCloseTo(2.5, 9);
    expect(wall?.tokens_per_joule).toBeCloseTo(1.5, 9);
  });
  test('has an idle share only where rest was seen', () => {
    expect(gpu?.idle_share).toBeCloseTo(150 / 1200, 9);
    expect(wall).toMatchObject({ idle_w: null, idle_share: null });
  });
  test('takes no stretch for rest that draws more than the run', () => {
    const restless = accountFor({ ...run, sources: sources.slice(0, 1).map(s => ({ ...s, idle_w: 1300 })) });
    expect(restless?.totals[0]).toMatchObject({ valid: true, idle_w: null, idle_share: null });
  });
  test('has no cost without a price', () => expect(gpu?.cost).toBeNull());
  test('says what GPU power leaves out where that is all there is', () => {
    const alone = accountFor({ ...run, sources: sources.slice(0, 2) });
    expect(alone?.notes).toContain('gpus-only');
    expect(energy.notes).not.toContain('gpus-only');
  });
  test('works nothing out from power that is not valid', () => {
    const beyond = accountFor({ ...run, sources, window: [10, 30], prices: { kwhUsd: 0.16 } });
    expect(beyond?.totals[0]).toMatchObject({ valid: false, codes: ['window-not-covered'], tokens_per_joule: null, cost: null });
  });
  test('has no total of less than a second, and says why', () => {
    const short = accountFor({ ...run, sources, window: [3, 3.5] });
    expect(short?.totals).toEqual([]);
    expect(short?.notes).toContain('window-too-short');
  });
  test('is none where no power was metered', () => expect(accountFor({ ...run, sources: [] })).toBeNull());
});

describe('the cost of a million tokens', () => {
  // load-and-telemetry.md §1: 8.6 tok/J at $0.16/kWh is $0.0052 of electricity for a million tokens.
  test('has the electricity of the brief', () => {
    expect(costOf({ kwhUsd: 0.16 }, 8, 14_960 / 8.6, 14_960)?.usd_per_million_tokens).toBeCloseTo(0.0052, 4);
  });
  test('adds GPU-hours and electricity, the latter times the building’s overhead', () => {
    // 8 × $2 an hour and 10 kW × 1.3 × $0.1, for 36 million tokens an hour.
    const cost = costOf({ gpuHourUsd: 2, kwhUsd: 0.1, pue: 1.3 }, 8, 10_000, 10_000);
    expect(cost?.gpu_usd).toBeCloseTo(16 / 36, 9);
    expect(cost?.electricity_usd).toBeCloseTo(1.3 / 36, 9);
    expect(cost?.usd_per_million_tokens).toBeCloseTo(17.3 / 36, 9);
  });
  test('is that of GPUs and of electricity, each by its own price', () => {
    // 8 × 3.2 $/h and 4.6 kW × 1.3 × 0.16 $/kWh over 43.2 million tokens an hour.
    const cost = costOf({ gpuHourUsd: 3.2, kwhUsd: 0.16, pue: 1.3 }, 8, 4600, 12_000);
    expect(cost?.gpu_usd).toBeCloseTo(0.5926, 4);
    expect(cost?.electricity_usd).toBeCloseTo(0.02215, 5);
  });
  test('is not known without tokens', () => expect(costOf({ gpuHourUsd: 2 }, 8, 1000, 0)).toBeNull());
  test('needs the number of GPUs where there is a price for their hours', () => {
    const unknown = accountFor({ ...run, sources: sources.slice(3), prices: { gpuHourUsd: 2 } });
    expect(unknown?.totals[0]?.cost).toBeNull();
    expect(unknown?.notes).toContain('gpus-unknown');
    expect(accountFor({ ...run, sources: sources.slice(3), prices: { gpuHourUsd: 2 }, gpus: 8 })?.totals[0]?.cost?.gpus).toBe(8);
  });
  test('warns where power may be paid twice', () => {
    const both = accountFor({ ...run, sources, prices: { gpuHourUsd: 2, kwhUsd: 0.1 } });
    expect(both?.notes).toContain('power-paid-twice');
    expect(both?.totals[0]?.cost).toMatchObject({ gpus: 2, pue: 1 });
  });
});

test('readings whose clock ran back have a figure and no price', () => {
  const [only] =
    accountFor({ ...run, prices: { kwhUsd: 0.1 }, sources: [{ ...source('GPU 0', 'gpu', 500), ranBack: true }] })?.totals ?? [];
  expect(only).toMatchObject({ valid: false, codes: ['clock-ran-back'], tokens_per_joule: null, cost: null });
});

test('a GPU of which nothing is known is taken to average over a second', () => {
  const unknown = { ...source('GPU 0', 'gpu', 500), card: cardOf({}) };
  const codes = (window: readonly [number, number]) => accountFor({ ...run, window, sources: [unknown] })?.totals[0]?.codes;
  expect(codes([0, 5])).toEqual(['averaged-power']);
  expect(codes([0, 15])).toEqual([]);
});
