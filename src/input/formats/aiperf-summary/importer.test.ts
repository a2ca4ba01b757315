import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import aiperfSummary from './importer.ts';

/** Invented values in the layout that AIPerf documents (schema 1.3). */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => aiperfSummary.parse(text, 'p.json');

test('metrics become figures, with the number of values where it is told', () => {
  const [row] = parse(SAMPLE).rows;
  expect(row).toMatchObject({
    model: 'm/small',
    concurrency: 100,
    completed: 200,
    failed: null,
    duration_s: 15.125,
    requests_per_s: 13.25,
  });
  expect(row?.latency).toContainEqual({ metric: 'e2e', statistic: 'percentile', q: 0.99, lower_ms: 9381.5, upper_ms: 9381.5, n: 200 });
  expect(row?.latency).toContainEqual({ metric: 'tpot', statistic: 'mean', q: null, lower_ms: 51.75, upper_ms: 51.75, n: 199 });
  expect(row?.latency.filter(figure => figure.metric === 'ttft')).toHaveLength(6);
});

test('start and end are local times', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'zoneless', uncertainty_ms: 0.001 }, origin_ns: 1795342500_500000000n });
  expect(series.rows[0]).toMatchObject({ start_ms: 0, end_ms: 16_000 });
  expect(series.limits).toContain('The times carry no zone.');
});

describe('the load that was asked for', () => {
  const phased = (...phases: readonly object[]) =>
    parse(
      JSON.stringify({
        ...JSON.parse(SAMPLE),
        input_config: { models: { items: [{ name: 'm/small' }] }, phases },
      }),
    ).rows[0];
  const WARMUP = { name: 'warmup', exclude_from_results: true, rate: 9, concurrency: 9 };

  test('stands in the phase that is measured since 0.10, never in the warm-up', () => {
    expect(phased(WARMUP, { name: 'profiling', concurrency: 640 })).toMatchObject({
      model: 'm/small',
      concurrency: 640,
      requested_rate: null,
    });
    expect(phased(WARMUP, { name: 'profiling', rate: 1.2 })).toMatchObject({ concurrency: null, requested_rate: 1.2 });
  });
  test('is not known where results are of several phases', () =>
    expect(phased({ name: 'a', rate: 1 }, { name: 'b', rate: 2 })).toMatchObject({ requested_rate: null }));
});

test('metrics that have no place here are named', () =>
  expect(parse(SAMPLE).limits.at(-1)).toBe('In the file, but not read: output_sequence_length.'));

describe('refusals', () => {
  test.each([
    [
      'a unit that is none of time',
      SAMPLE.replace('"unit": "ms"', '"unit": "furlong"'),
      'field request_latency.unit: "furlong" is not a unit of time.',
    ],
    ['a wrong type', SAMPLE.replace('"avg": 15.125', '"avg": "long"'), 'p.json, field benchmark_duration.avg: "long"'],
    ['none of its metrics', '{"request_total": {"unit": "s"}}', 'p.json: it holds none of the metrics of AIPerf.'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});
