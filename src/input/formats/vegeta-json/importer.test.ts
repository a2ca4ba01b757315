import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import vegetaJson from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.jsonl', import.meta.url), 'utf8');
const parse = (text: string) => vegetaJson.parse(text, 'v.json');
const result = (fields: object = {}) =>
  `${JSON.stringify({ attack: '', seq: 1, code: 200, timestamp: '2026-11-22T10:00:00Z', latency: 5, bytes_out: 0, bytes_in: 0, error: '', ...fields })}\n`;

test('results become requests, exact to the nanosecond; code 0 and error codes are failures', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch', uncertainty_ms: 0 }, warnings: [] });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 10)) * 1_000_000n + 123n);
  expect(series.rows.map(({ id, arrival_ms, finish_ms, status }) => [id, arrival_ms, finish_ms, status])).toEqual([
    ['0', 0, 12, 'ok'],
    ['1', 9.999877, 105.499877, 'ok'],
    ['2', 20.003877, 21.503877, 'failed'],
    ['3', 29.999877, 30029.999877, 'failed'],
  ]);
});

test('no intended start is made up, and the limits say why', () => {
  const series = parse(SAMPLE);
  expect(series.rows.every(row => row.intended_ms === null)).toBe(true);
  expect(series.limits.join(' ')).toContain('the rate it was asked for');
});

test('attacks in one file keep their names; a number that occurs twice is told apart', () => {
  const rows = parse(result({ attack: 'a' }) + result({ attack: 'b' }) + result({ attack: 'b', latency: 9 })).rows;
  expect(rows.map(row => row.id)).toEqual(['a 1', 'b 1', 'b 1#2']);
});

describe('refusals', () => {
  test.each([
    [result({ seq: 'x' }), 'v.json, line 1, field seq: "x" is not what belongs here (it must be a number).'],
    [result({ latency: -1 }), 'v.json, line 1, field latency: -1 is not what belongs here (it must be a latency in nanoseconds).'],
    [result({ timestamp: 'now' }), 'v.json, line 1, field timestamp: "now" is not a time with a zone.'],
    [`${result()}oops\n`, 'v.json, line 2: the line is not a JSON object'],
    ['{"attack":', 'v.json: the file holds no complete request.'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
