import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import ohaJson from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => ohaJson.parse(text, 'oha.json');

test('seconds become ms, counts are told apart', () => {
  const series = parse(SAMPLE);
  const [run] = series.rows;
  expect(run).toMatchObject({ duration_s: 2.0021, completed: 12, failed: 4, requests_per_s: 7.49, start_ms: null });
  const figures = Object.fromEntries(run?.latency.map(f => [f.q ?? f.statistic, f.lower_ms]) ?? []);
  expect(figures).toMatchObject({ mean: 120, min: 21.1, max: 454.2, 0.5: 29.95, 0.99: 454.2, 0.999: 454.2, 0.9999: 454.2 });
  expect(run?.latency.every(f => f.n === 13 && f.lower_ms === f.upper_ms)).toBe(true);
});

test('the limits name what misleads', () => {
  const limits = parse(SAMPLE).limits.join(' ');
  expect(limits).toContain('With 13 requests, p99 is the maximum');
  expect(limits).toContain('all 13 answers, 1 errors among them');
  expect(limits).toContain('2 requests were stopped by oha');
});

test('a run without an answer has no latency', () => {
  const nothing = JSON.stringify({
    summary: { successRate: 0, total: 1, slowest: null, fastest: null, average: null, requestsPerSec: 3, sizePerRequest: null },
    latencyPercentiles: { p50: null, p99: null },
    statusCodeDistribution: {},
    errorDistribution: { 'connection refused': 3 },
  });
  expect(parse(nothing).rows[0]).toMatchObject({ completed: 0, failed: 3, latency: [] });
});

describe('refusals', () => {
  test.each([
    [SAMPLE.replace('0.4542,', '"slow",'), 'oha.json, field summary.slowest: "slow"'],
    [SAMPLE.slice(0, 900), 'oha.json: it is not a whole JSON document'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
