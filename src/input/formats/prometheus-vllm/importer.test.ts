import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import prometheusVllm from './importer.ts';

/** Invented values; the buckets around p99 are those of a scrape that was seen (reference/load-and-telemetry.md). */
const SAMPLE = readFileSync(new URL('sample.prom', import.meta.url), 'utf8');
const parse = (text: string) => prometheusVllm.parse(text, 'm.prom');
const e2e = (text: string) => parse(text).rows[0]?.latency.filter(figure => figure.metric === 'e2e') ?? [];

test('a percentile is known to the edges of its bucket, and nothing is interpolated', () => {
  // Rank 594 of 600 lies behind the 591 values up to 2.0 s and within the 599 up to 2.5 s.
  expect(e2e(SAMPLE)).toContainEqual({ metric: 'e2e', statistic: 'percentile', q: 0.99, lower_ms: 2000, upper_ms: 2500, n: 600 });
  expect(e2e(SAMPLE)).toContainEqual({ metric: 'e2e', statistic: 'percentile', q: 0.5, lower_ms: 1500, upper_ms: 2000, n: 600 });
  expect(e2e(SAMPLE)).toContainEqual({ metric: 'e2e', statistic: 'mean', q: null, lower_ms: 1750, upper_ms: 1750, n: 600 });
});

test('a percentile in the last bucket has no upper edge', () =>
  expect(e2e(SAMPLE.replace('599.0', '591.0'))).toContainEqual({
    metric: 'e2e',
    statistic: 'percentile',
    q: 0.99,
    lower_ms: 2500,
    upper_ms: null,
    n: 600,
  }));

test('counters are summed over their labels; a histogram without values gives no figure', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'none' }, warnings: [expect.stringContaining('no end mark')] });
  expect(series.rows).toMatchObject([
    { label: 'engine 0', model: 'm/small', completed: 600, failed: 2, input_tokens: 120_000, output_tokens: 38_400 },
  ]);
  expect(series.rows[0]?.latency.filter(figure => figure.metric === 'ttft')).toEqual([]);
  expect(series.limits.join(' ')).toMatch(/to a bucket.*start of the server.*Gauges/);
});

test('each engine is a run of its own', () => {
  const second = SAMPLE.replaceAll('engine="0"', 'engine="1"').replace('"m/small"} 38400', '"m/small"} 7');
  expect(parse(SAMPLE + second).rows.map(row => [row.label, row.output_tokens])).toEqual([
    ['engine 0', 38_400],
    ['engine 1', 7],
  ]);
});

test('of two scrapes the last is taken, and said', () => {
  const series = parse(`${SAMPLE}${SAMPLE.replaceAll('600.0', '601.0')}# EOF\n`);
  expect(series.rows[0]?.latency[0]).toMatchObject({ n: 601 });
  expect(series.warnings).toEqual([expect.stringMatching(/lines.*several scrapes/)]);
});

test('a histogram without its last bucket, or whose counts fall, is left out', () => {
  expect(parse(SAMPLE.replace(/.*latency_seconds_bucket\{engine="0",le="\+Inf".*\n/, '')).warnings[0]).toContain('no bucket up to +Inf');
  expect(parse(SAMPLE.replace('591.0', '5.0')).warnings[0]).toContain('counts that do not rise');
  expect(e2e(SAMPLE.replace('591.0', '5.0'))).toEqual([]);
});

describe('refusals', () => {
  test.each([
    ['a metric without a value', SAMPLE.replace('"m/small"} 38400.0', '"m/small"} many'), 'm.prom, line 9: "vllm:generation_tokens_total{'],
    ['other metrics only', 'vllm:num_requests_running{engine="0"} 3.0\n', 'm.prom: it holds none of the latencies and counters of vLLM.'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});
