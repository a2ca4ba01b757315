import { describe, expect, test } from 'vitest';
import type { AnySeries, RequestRow } from '#schema/relation';
import { EMPTY_GPU, EMPTY_HOST } from './empty-rows.ts';
import { momentFigure } from './latency-figures.ts';
import { UNMEASURED } from './measurement-series.ts';
import { impossibleFigure, impossibleIn, impossibleOf, possible } from './possible.ts';
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

describe('a series leaves its importer only if every value of it can be', () => {
  const of = (kind: string, row: object) =>
    possible(
      { kind, format: 'f', clock: { kind: 'none' }, origin_ns: 0n, rows: [row], limits: [], warnings: [] } as unknown as AnySeries,
      'file',
    );
  const sample = { t_ms: 0, entity: 'e', metric: 'm', unit: 'W', value: 1, nature: 'gauge', window_ms: null };
  test.each([
    ['host', { ...EMPTY_HOST, disk_reads: 5 }, { disk_reads: -5 }],
    ['host', { ...EMPTY_HOST, disk_reads: 5 }, { disk_reads: 1e42 }],
    ['samples', sample, { value: -1 }],
    ['samples', { ...sample, unit: '', nature: 'counter' }, { value: -1 }],
    ['samples', { ...sample, unit: 'C', value: -5 }, { value: Number.POSITIVE_INFINITY }],
    ['summary', { ...UNTOLD, completed: 3 }, { requests_per_s: Number.POSITIVE_INFINITY }],
    ['summary', UNTOLD, { windows: [{ start_ms: 0, length_ms: 1, tag: null, requests: -3, failures: null, latency: [] }] }],
    ['facts', { entity: 'GPU 0', name: 'temperature', value: -8, unit: 'C' }, { value: -300 }],
    ['facts', { entity: 'GPU 0', name: 'power', value: 'high', unit: '' }, { value: -1, unit: 'W' }],
    ['measurements', { ...UNMEASURED, what: 'burn', test: 't', value: 3 }, { value: 1e40 }],
  ])('%s: %j, and not %j', (kind, row, wrong) => {
    expect(() => of(kind, row)).not.toThrow();
    expect(() => of(kind, { ...row, ...wrong })).toThrow(/^file, field .*: row 1 of 1 has a value below zero/);
  });
});
