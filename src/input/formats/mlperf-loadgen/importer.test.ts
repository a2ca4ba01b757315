import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import mlperf from './importer.ts';

/** Invented values in the layout of a real log; the real ones are read in test/samples-inference.test.ts. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => mlperf.parse(text, 'm.txt');
const SUMMARY = `================================================
MLPerf Results Summary
================================================
SUT name : small-SUT
Scenario : Server
Completed samples per second    : 79.25
Completed tokens per second: 23113.5
Result is : VALID
Min latency (ns)                : 248000000
99.00 percentile latency (ns)   : 131437500000
Mean First Token latency (ns)               : 223750000
99.90 percentile time to output token (ns)   : 174750000
target_qps : 80

No errors encountered during test.
`;

describe('the detail log', () => {
  test('gives the window of the run, without a zone', () => {
    const series = parse(SAMPLE);
    expect(series).toMatchObject({ clock: { kind: 'zoneless', uncertainty_ms: 1 }, origin_ns: 1795342500_250000000n, warnings: [] });
    expect(series.rows[0]).toMatchObject({
      label: 'small-SUT, Server',
      start_ms: 0,
      end_ms: 2_500_250,
      requested_rate: 80,
      sent: 196608,
      output_tokens_per_s: 23113.5,
    });
    expect(series.limits.join(' ')).toMatch(/meant to send.*no zone.*UTC/);
  });
  test('gives latencies in ms', () => {
    const latency = parse(SAMPLE).rows[0]?.latency;
    expect(latency).toHaveLength(7);
    expect(latency).toContainEqual({ metric: 'e2e', statistic: 'percentile', q: 0.999, lower_ms: 147313.5, upper_ms: 147313.5, n: 196608 });
    expect(latency).toContainEqual({ metric: 'tpot', statistic: 'mean', q: null, lower_ms: 136.5, upper_ms: 136.5, n: 196608 });
  });
  test('of a run that is not valid says so, and one that ends early too', () => {
    expect(parse(SAMPLE.replace('"VALID"', '"INVALID"')).warnings).toEqual(['LoadGen judged the run "INVALID", not VALID.']);
    expect(parse(SAMPLE.split('\n').slice(0, 12).join('\n')).warnings.join(' ')).toContain('no end mark');
  });
});

test('the summary gives the same without a window', () => {
  const series = parse(SUMMARY);
  expect(series).toMatchObject({
    clock: { kind: 'none' },
    warnings: [],
    rows: [{ start_ms: null, requests_per_s: 79.25, requested_rate: 80 }],
  });
  expect(series.rows[0]?.latency).toHaveLength(4);
  expect(series.rows[0]?.latency).toContainEqual({
    metric: 'ttft',
    statistic: 'mean',
    q: null,
    lower_ms: 223.75,
    upper_ms: 223.75,
    n: null,
  });
  expect(mlperf.sniff(SUMMARY)).toBe(true);
  expect(parse(SUMMARY.slice(0, -40)).warnings.join(' ')).toContain('no end mark');
});

describe('refusals', () => {
  test.each([
    ['a broken line', SAMPLE.replace('{"key": "sut_name"', '{"key" "sut_name"'), 'm.txt, line 3: what follows :::MLLOG is not an entry'],
    ['another way to write a time', SAMPLE.replace('11-22-2026 10:15:00.250', 'noon'), 'm.txt, field power_begin: "noon" is not a time'],
    ['a summary without a result', SUMMARY.slice(0, 180), 'm.txt: it holds no result.'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});
