import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import llmperfSummary from './importer.ts';

/** Invented values under the names of a real file. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => llmperfSummary.parse(text, 's.json');

test('seconds become ms, requests a minute become requests a second, and the stamp is the end', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch', uncertainty_ms: 1000 }, origin_ns: 1_795_342_500_000_000_000n });
  expect(series.rows[0]).toMatchObject({
    model: 'm/small',
    concurrency: 4,
    sent: 40,
    completed: 38,
    failed: 2,
    requests_per_s: 2.25,
    output_tokens_per_s: 46.5,
    end_ms: 0,
  });
  expect(series.rows[0]?.latency).toContainEqual({
    metric: 'e2e',
    statistic: 'percentile',
    q: 0.99,
    lower_ms: 2500,
    upper_ms: 2500,
    n: 38,
  });
  expect(series.rows[0]?.latency).toHaveLength(9);
});

test('what is not read is named', () =>
  expect(parse(SAMPLE).limits.at(-1)).toBe(
    'In the file, but not read: results_inter_token_latency_s_mean, results_number_output_tokens_mean, results_number_output_tokens_min.',
  ));

test.each([
  ['a wrong type', SAMPLE.replace('_requests": 38', '_requests": "many"'), 's.json, field results_num_completed_requests: "many"'],
  ['no JSON', 'results_ttft_s_mean', 's.json: it is not a JSON'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
