import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import k6Csv from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const parse = (text: string) => k6Csv.parse(text, 'k6.csv');
const HEADER = 'metric_name,timestamp,metric_value,status\n';

test('rows of http_req_duration become requests; the end is only known to a second, and that is said', () => {
  const series = parse(SAMPLE);
  expect(series.clock).toEqual({ kind: 'epoch', uncertainty_ms: 1000 });
  expect(series.origin_ns).toBe(1_795_310_999_909_750_000n);
  expect(series.rows.map(({ id, arrival_ms, finish_ms, status }) => [id, arrival_ms, finish_ms, status])).toEqual([
    ['1', 0, 90.25, 'ok'],
    ['2', 140.25, 1090.25, 'ok'],
    ['3', 2059.75, 2090.25, 'failed'],
    ['4', 3078.25, 3090.25, 'failed'],
  ]);
  expect(series.limits[0]).toContain('steps of 1000 ms');
});

test.each([
  ['1795311000123', 1_795_311_000_123_000_000n, 1],
  ['1795311000123456', 1_795_311_000_123_456_000n, 0.001],
  ['1795311000123456789', 1_795_311_000_123_456_789n, 0],
  ['2026-11-22T01:30:00Z', 1_795_311_000_000_000_000n, 1000],
  ['2026-11-22T02:30:00.5+01:00', 1_795_311_000_500_000_000n, 100],
])('%s is understood', (stamp, end, resolution) => {
  const series = parse(`${HEADER}http_req_duration,${stamp},10.000000,200\n`);
  expect(series.origin_ns).toBe(end - 10_000_000n);
  expect(series.clock).toEqual({ kind: 'epoch', uncertainty_ms: resolution });
  expect(series.limits.some(limit => limit.includes('steps of'))).toBe(resolution > 1);
});

describe('refusals', () => {
  test.each([
    ['http_req_duration,12:30,10,200\n', 'k6.csv, line 2, field timestamp: "12:30" is not a time that k6 writes.'],
    ['http_req_duration,1795311000,fast,200\n', 'k6.csv, line 2, field metric_value: "fast" is not a duration in milliseconds.'],
    ['vus,1795311000,4,\n', 'k6.csv: no request has ended in it (no row of http_req_duration).'],
  ])('%s', (row, message) => expect(() => parse(HEADER + row)).toThrow(message));
});
