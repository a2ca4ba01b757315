import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import inferencePerf from './importer.ts';

/** Invented values: requests in the layout of reportgen/base.py, old and new; real reports of stages are read in test/samples-inference.test.ts. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => inferencePerf.parse(text, 'i.json');

describe('requests', () => {
  test('are on the monotonic clock, with the times of their tokens', () => {
    const series = parse(SAMPLE);
    expect(series).toMatchObject({ kind: 'requests', clock: { kind: 'monotonic' }, origin_ns: 353399_500000000n, warnings: [] });
    expect(series.rows[0]).toMatchObject({
      id: '0',
      arrival_ms: 0,
      first_token_ms: 125,
      itl_ms: Float32Array.of(125, 250),
      finish_ms: 500,
      prompt_tokens: 12,
      output_tokens: 3,
    });
    expect(series.rows[2]).toMatchObject({
      intended_ms: 375,
      arrival_ms: 500,
      first_token_ms: 750,
      itl_ms: Float32Array.of(250),
      output_tokens: 2,
      status: 'ok',
    });
    expect(series.limits[0]).toContain('CLOCK_MONOTONIC');
  });
  test('one with an error failed, and its zero tokens are not told', () =>
    expect(parse(SAMPLE).rows[1]).toMatchObject({ status: 'failed', first_token_ms: null, output_tokens: null, itl_ms: null }));
});

describe('a report of a stage', () => {
  const latency = { request_latency: { mean: 1.5, median: 1.25, 'p99.9': 2, p99: 1.75 }, time_per_output_token: { mean: 0.0125 } };
  const report = {
    load_summary: { count: 201, requested_rate: 4, schedule_delay: { mean: 0.5, min: -0.001 } },
    successes: { count: 200, latency, throughput: { requests_per_sec: 3.5 } },
    failures: { count: 1 },
  };
  test('gives the figures of its tool in ms', () => {
    const series = parse(JSON.stringify(report));
    expect(series).toMatchObject({
      kind: 'summary',
      clock: { kind: 'none' },
      rows: [{ sent: 201, completed: 200, failed: 1, requested_rate: 4, requests_per_s: 3.5 }],
    });
    const figures = series.kind === 'summary' ? series.rows[0]?.latency : [];
    expect(figures).toContainEqual({ metric: 'e2e', statistic: 'percentile', q: 0.999, lower_ms: 2000, upper_ms: 2000, n: 200 });
    expect(figures).toContainEqual({ metric: 'schedule_delay', statistic: 'min', q: null, lower_ms: -1, upper_ms: -1, n: 201 });
    expect(figures).toHaveLength(7);
  });
  test('from Prometheus gives means only: its percentiles are interpolated', () => {
    const series = parse(
      JSON.stringify({ load_summary: {}, successes: { count: 3, rate: 2.5, request_latency: { mean: 1.5, p99: 2.25 } }, failures: {} }),
    );
    expect(series).toMatchObject({ rows: [{ requests_per_s: 2.5, latency: [{ metric: 'e2e', statistic: 'mean', lower_ms: 1500 }] }] });
    expect(series.limits.join(' ')).toContain('inside the buckets');
  });
  test('in which no request succeeded has no latency', () =>
    expect(parse(JSON.stringify({ ...report, successes: { count: 0, latency } }))).toMatchObject({ rows: [{ completed: 0 }] }));
});

describe('refusals', () => {
  test.each([
    ['a missing end', SAMPLE.replace(/"end_time": 353399.875,/, ''), 'i.json, field 1.end_time: it is missing'],
    ['no requests', '[]', 'i.json: the file holds no complete request.'],
    ['a report without successes', '{"load_summary": {}, "failures": {}}', 'i.json, field successes: it is missing'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});
