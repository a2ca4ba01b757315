import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import briefLoadTest from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => briefLoadTest.parse(text, 'l.json');

test('values', () => {
  const [run] = parse(SAMPLE).rows;
  expect(run).toMatchObject({ duration_s: 30.25, sent: 240, completed: 232, failed: 8, output_tokens: 29_696, requests_per_s: null });
  expect(run?.output_tokens_per_s).toBeCloseTo(29_696 / 30.25, 9);
  expect(run?.latency.map(f => [f.q, f.lower_ms, f.n])).toEqual([
    [0.5, 2395.5, 232],
    [0.9, 2465.25, 232],
    [0.99, 2488.75, 232],
  ]);
});

test('the limits say what the script does to its numbers', () => {
  expect(parse(SAMPLE).limits.join(' ')).toMatch(/counts of all ranks.*lower bounds.*interpolated/);
});

test('the names of the guide are understood', () => {
  const guide = {
    actual_qps: 172,
    tokens_per_sec: 14_960,
    latency_p50_ms: 90,
    latency_p95_ms: 180,
    latency_p99_ms: 213,
    total_requests: 620_000,
    completed_requests: 619_200,
  };
  const [run] = parse(JSON.stringify(guide)).rows;
  expect(run).toMatchObject({ requests_per_s: 172, output_tokens_per_s: 14_960, duration_s: null });
  expect(run?.latency.map(f => [f.q, f.lower_ms, f.n])).toEqual([
    [0.5, 90, null],
    [0.95, 180, null],
    [0.99, 213, null],
  ]);
});

test('a run without a completed request has no latency, whatever zeros its script wrote', () => {
  const none = SAMPLE.replace(/("(?:completed_requests|samples_collected|latency_\w+)"): [\d.]+/g, '$1: 0');
  expect(parse(none).rows[0]?.latency).toEqual([]);
});

describe('refusals', () => {
  test.each([
    [SAMPLE.replace('232', '"all"'), 'l.json, field completed_requests: "all"'],
    [SAMPLE.slice(0, 200), 'l.json: it is not a whole JSON document'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
