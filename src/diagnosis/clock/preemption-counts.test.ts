import { expect, test } from 'vitest';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { Clock, SampleRow } from '#schema/relation';
import { preemptionCounts } from './preemption-counts.ts';

const row = (metric: string, value: number): SampleRow => ({
  ...{ t_ms: 250, entity: 'engine 0', metric, unit: '', value, nature: 'counter', window_ms: null },
});
const file = (clock: Clock, rows: readonly SampleRow[]): SeriesFile => ({
  ...{ path: 'm.prom', sha256: '', bytes: 0 },
  series: {
    kind: 'samples',
    cards: new Map(),
    ranBack_ms: 0,
    format: 'serving-scrapes',
    clock,
    origin_ns: 5_000_000_000n,
    rows,
    limits: [],
    warnings: [],
  },
});
const EPOCH: Clock = { kind: 'epoch', uncertainty_ms: 1 };

test('counts of preempted requests are laid on the trace’s clock, and nothing else is taken', () =>
  expect(
    preemptionCounts([file(EPOCH, [row('vllm:num_preemptions_total', 4), row('vllm:prompt_tokens_total', 9)])], 3_000_000_000n),
  ).toEqual([{ t: 2.25e9, entity: 'engine 0', value: 4 }]));
test('a file that does not tell the time of day is left out', () =>
  expect(preemptionCounts([file({ kind: 'relative' }, [row('vllm:num_preemptions_total', 4)])], 0n)).toEqual([]));
