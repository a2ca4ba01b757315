import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import llmperf from './importer.ts';

/** Invented values; the fields are those of token_benchmark_ray.py, no real file of a free licence was found. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => llmperf.parse(text, 'l.json');

test('durations of single requests give exact figures; a failed one gives none, though its fields are zeros', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'none' }, warnings: [] });
  const [row] = series.rows;
  expect(row).toMatchObject({ sent: 3, completed: 2, failed: 1, input_tokens: 1100, output_tokens: 14 });
  expect(row?.latency).toContainEqual({ metric: 'e2e', statistic: 'min', q: null, lower_ms: 1250, upper_ms: 1250, n: 2 });
  expect(row?.latency).toContainEqual({ metric: 'ttft', statistic: 'percentile', q: 0.5, lower_ms: 250, upper_ms: 250, n: 2 });
  // (1.25 - 0.25) / 8 and (2.5 - 0.5) / 4 seconds.
  expect(row?.latency).toContainEqual({ metric: 'tpot', statistic: 'mean', q: null, lower_ms: 312.5, upper_ms: 312.5, n: 2 });
  expect(series.limits.join(' ')).toMatch(/cannot be laid over a trace.*2 requests, p99 is the maximum.*inter_token_latency_s/);
});

test('a run in which all failed has no latency', () =>
  expect(parse(SAMPLE.replaceAll('"error_code": null', '"error_code": 500')).rows[0]).toMatchObject({ completed: 0, latency: [] }));

describe('refusals', () => {
  test.each([
    ['a wrong type', SAMPLE.replace('0.25', '"slow"'), 'l.json, field 0.ttft_s: "slow" is not what belongs here'],
    ['no response', '[]', 'l.json: the file holds no complete response.'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});
