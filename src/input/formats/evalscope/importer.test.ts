import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import evalscope from './importer.ts';

/** Invented values under the names of evalscope. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => evalscope.parse(text, 'e.json');

describe('the summary', () => {
  test('has counts, rates and means', () => {
    const [row] = parse(SAMPLE).rows;
    expect(row).toMatchObject({ duration_s: 32.125, concurrency: 50, sent: 52, completed: 50, failed: 2, output_tokens_per_s: 1500.5 });
    expect(row?.latency.map(f => [f.metric, f.statistic, f.lower_ms, f.n])).toEqual([
      ['e2e', 'mean', 20125, 50],
      ['ttft', 'mean', 3250, 50],
      ['tpot', 'mean', 15.625, 50],
      ['itl', 'mean', 31.25, null],
    ]);
    expect(parse(SAMPLE).limits.at(-1)).toBe(
      'In the file, but not read: Average input tokens per request, Average output tokens per request.',
    );
  });
  test('says -1 for what it does not know', () =>
    expect(parse(SAMPLE.replace('": 3.25', '": -1')).rows[0]?.latency.map(f => f.metric)).toEqual(['e2e', 'tpot', 'itl']));
});

test('the percentiles stand in a file of their own', () => {
  const text =
    '[{"Percentiles": "50%", "TTFT (s)": 0.5, "Latency (s)": 2.5, "Input tokens": 9}, {"Percentiles": "99%", "TTFT (s)": 1.5, "Latency (s)": 4.5}]';
  expect(evalscope.sniff(text)).toBe(true);
  expect(parse(text).rows[0]?.latency.map(f => [f.metric, f.q, f.lower_ms])).toEqual([
    ['ttft', 0.5, 500],
    ['e2e', 0.5, 2500],
    ['ttft', 0.99, 1500],
    ['e2e', 0.99, 4500],
  ]);
});

test.each([
  ['no count', SAMPLE.replace('"Succeed requests": 50,', ''), 'e.json, field Succeed requests: it is missing'],
  ['no percentile', '[]', 'e.json: it holds no percentile.'],
  ['a rank that is none', '[{"Percentiles": "most"}]', 'e.json, field 0.Percentiles: "most" is no percentile.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
