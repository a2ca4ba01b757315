import { describe, expect, test } from 'vitest';
import type { RequestRow } from '#schema/relation';
import { EMPTY_GPU } from './empty-rows.ts';
import { momentFigure } from './latency-figures.ts';
import { impossibleFigure, impossibleIn, impossibleOf } from './possible.ts';
import { UNTOLD } from './summary-series.ts';

test.each([
  ['utilization_pct', 100, 100.1],
  ['power_w', 1400, 700_000],
  ['sm_clock_mhz', 1980, 1.98e9],
  ['temperature_c', -20, 300],
] as const)('a GPU can show a %s of %d, and not of %d', (quantity, possible, impossible) => {
  expect(impossibleIn({ ...EMPTY_GPU, [quantity]: possible })).toBeUndefined();
  expect(impossibleIn({ ...EMPTY_GPU, [quantity]: impossible })).toBe(quantity);
});

describe('a request', () => {
  const row = (more: Partial<RequestRow>) => ({ prompt_tokens: 10, output_tokens: 0, itl_ms: Float32Array.of(0, 1), ...more });
  test('may be empty', () => expect(impossibleOf(row({}))).toBeUndefined());
  test.each([
    ['prompt_tokens', { prompt_tokens: -1 }],
    ['output_tokens', { output_tokens: 1e12 }],
    ['itl_ms', { itl_ms: Float32Array.of(1, -1) }],
  ] as const)('has no such %s', (field, more) => expect(impossibleOf(row(more))).toBe(field));
});

describe('a run', () => {
  test('may tell nothing', () => expect(impossibleFigure(UNTOLD)).toBeUndefined());
  test('counts nothing below zero', () => expect(impossibleFigure({ ...UNTOLD, output_tokens: -5 })).toBe('output_tokens'));
  test('has no latency below zero, though a request may be sent early', () => {
    expect(impossibleFigure({ ...UNTOLD, latency: [momentFigure('e2e', 'min', -0.5, 3)] })).toBe('e2e min');
    expect(impossibleFigure({ ...UNTOLD, latency: [momentFigure('schedule_delay', 'min', -0.5, 3)] })).toBeUndefined();
  });
});
