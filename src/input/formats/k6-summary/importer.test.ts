import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import k6Summary from './importer.ts';

/** Invented values in the documented layout. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => k6Summary.parse(text, 'k6.json');

test('passes of http_req_failed are requests that failed', () => {
  const [row] = parse(SAMPLE).rows;
  expect(row).toMatchObject({ sent: 1200, completed: 1197, failed: 3, requests_per_s: 39.75, concurrency: 50 });
  expect(row?.latency.map(f => [f.q ?? f.statistic, f.lower_ms])).toEqual([
    ['mean', 12.5],
    ['min', 1.25],
    [0.5, 10.5],
    ['max', 400.5],
    [0.9, 20.25],
    [0.95, 25.5],
    [0.999, 300.25],
  ]);
  expect(parse(SAMPLE).limits.join(' ')).toContain('Latencies are of all requests, failed ones among them.');
  expect(parse(SAMPLE).limits.at(-1)).toBe('In the file, but not read: http_req_waiting.');
});

test('what handleSummary is given has the same values one level deeper, and the duration', () => {
  const { metrics } = JSON.parse(SAMPLE) as { metrics: Record<string, object> };
  const deeper = Object.fromEntries(Object.entries(metrics).map(([name, values]) => [name, { type: 'trend', contains: 'time', values }]));
  const [row] = parse(JSON.stringify({ metrics: deeper, state: { testRunDurationMs: 30_500 } })).rows;
  expect(row).toEqual({ ...parse(SAMPLE).rows[0], duration_s: 30.5 });
});

test.each([
  [
    'no requests',
    SAMPLE.replace('"http_req_duration"', '"http_req_duration{scenario:a}"'),
    'k6.json, field metrics.http_req_duration: it is missing.',
  ],
  ['a wrong type', SAMPLE.replace('"count": 1200', '"count": "many"'), 'k6.json, field metrics.http_reqs.count: "many"'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
