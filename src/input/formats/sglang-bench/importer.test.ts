import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import sglangBench from './importer.ts';

/** Invented values; the fields are those of bench_serving.py, no real file of a free licence was found. */
const SAMPLE = readFileSync(new URL('sample.jsonl', import.meta.url), 'utf8');
const parse = (text: string) => sglangBench.parse(text, 's.jsonl');

test('each line is a run, in the order of its load', () => {
  const series = parse(SAMPLE);
  expect(series.rows.map(row => [row.label, row.requested_rate, row.concurrency, row.completed])).toEqual([
    ['sglang, random, rate 4', 4, null, 200],
    ['sglang, random, rate inf, concurrency 2', null, 2, 2],
  ]);
  expect(series.clock).toEqual({ kind: 'none' });
  expect(series.limits.join(' ')).toMatch(/cannot be laid over a trace.*chunks.*2 requests, p99 is the maximum.*rate inf/);
});

test('a run without details has the figures of its tool; the measured concurrency is no limit', () => {
  const latency = parse(SAMPLE).rows[0]?.latency;
  expect(latency).toContainEqual({ metric: 'e2e', statistic: 'percentile', q: 0.99, lower_ms: 1750.25, upper_ms: 1750.25, n: 200 });
  expect(latency).toContainEqual({ metric: 'itl', statistic: 'percentile', q: 0.95, lower_ms: 11, upper_ms: 11, n: null });
});

test('a run with details has exact figures of its successes', () => {
  const latency = parse(SAMPLE).rows[1]?.latency;
  expect(latency).toContainEqual({ metric: 'e2e', statistic: 'max', q: null, lower_ms: 437.5, upper_ms: 437.5, n: 2 });
  expect(latency).toContainEqual({ metric: 'tpot', statistic: 'mean', q: null, lower_ms: 93.75, upper_ms: 93.75, n: 2 });
  expect(latency).toContainEqual({ metric: 'itl', statistic: 'min', q: null, lower_ms: 62.5, upper_ms: 62.5, n: 4 });
});

test('with speculative decoding the limits tell times between chunks from those between tokens', () => {
  const run = { completed: 1, mean_itl_ms: 10, accept_length: 3, total_output_tokens_retokenized: 7, output_lens: [7], ttfts: [0.5] };
  const limits = (itls: readonly number[]) => parse(`${JSON.stringify({ ...run, itls: [itls] })}\n`).limits.join(' ');
  expect(limits([0.03, 0.03])).toContain(
    "The file's own mean_itl_ms, 10 ms, is for each token; here a time is between chunks of 3 accepted tokens, 30 ms",
  );
  expect(limits([0.01, 0.01])).not.toContain('accepted tokens');
});

test('a run without any success has no latency', () =>
  expect(parse(SAMPLE.replaceAll('"completed": 2,', '"completed": 0,')).rows[1]?.latency).toEqual([]));

describe('refusals', () => {
  test.each([
    ['a wrong type', SAMPLE.replace('"completed": 200', '"completed": "all"'), 's.jsonl, line 1, field completed: "all"'],
    ['no run', '{"backend": "sgl', 's.jsonl: the file holds no complete run.'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});
