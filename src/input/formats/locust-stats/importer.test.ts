import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import locustStats from './importer.ts';

/** Invented values under the headings of Locust 2. */
const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const HEADER = SAMPLE.split('\n')[0] ?? '';
const parse = (text: string) => locustStats.parse(text, 'l.csv');

test('the whole stands first; failures are no successes; percentiles lie in buckets', () => {
  const { rows, limits } = parse(SAMPLE);
  expect(rows.map(r => r.label)).toEqual(['Aggregated', 'GET /health', 'POST /v1']);
  expect(rows[0]).toMatchObject({ sent: 1200, completed: 1197, failed: 3, requests_per_s: 39.75 });
  const p99 = rows[2]?.latency.find(f => f.q === 0.99);
  expect(p99).toEqual({ metric: 'e2e', statistic: 'percentile', q: 0.99, lower_ms: 59.5, upper_ms: 60.5, n: 1000 });
  expect(rows[2]?.latency.slice(0, 3).map(f => [f.statistic, f.lower_ms])).toEqual([
    ['mean', 12.5],
    ['min', 1.25],
    ['max', 400.5],
  ]);
  expect(limits.at(-1)).toBe('In the file, but not read: Average Content Size, Failures/s.');
});

test.each([
  ['a word', SAMPLE.replace('12.5', 'long'), 'l.csv, line 2, field Average Response Time: "long" is neither'],
  ['more failures than requests', SAMPLE.replace('1000,3', '1000,1003'), 'l.csv, line 2, field Failure Count: more requests failed'],
  ['no row', HEADER, 'l.csv: the file holds no row.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
