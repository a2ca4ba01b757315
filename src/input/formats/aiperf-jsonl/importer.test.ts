import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import aiperf from './importer.ts';

/** Invented values in the layout that AIPerf documents. */
const SAMPLE = readFileSync(new URL('sample.jsonl', import.meta.url), 'utf8');
const LINES = SAMPLE.trimEnd().split('\n');
const WARMUP = `${(LINES[0] ?? '').replace('profiling', 'warmup').replace('"a1"', '"w1"')}\n`;
const parse = (text: string) => aiperf.parse(text, 'a.jsonl');

test('stamps are exact to the nanosecond, and the intended start is when the credit was issued', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch', uncertainty_ms: 0 }, origin_ns: 1795342500001734353n });
  expect(series.rows[0]).toEqual({
    id: 'a1',
    intended_ms: -1.734352,
    arrival_ms: 0,
    scheduled_ms: null,
    first_token_ms: 250.5,
    finish_ms: 500,
    prompt_tokens: 550,
    output_tokens: 5,
    itl_ms: Float32Array.of(125.25, 124.25),
    status: 'ok',
  });
});

test('what is not of the profiling phase is left out, and said', () => {
  const series = parse(WARMUP + SAMPLE);
  expect(series.rows.map(row => row.id)).toEqual(['a1', 'a2', 'a3']);
  expect(series.warnings).toEqual(['Line 1: the request is not of the profiling phase, so it was left out (warmup).']);
  expect(series.limits.join(' ')).toContain('between chunks');
});

test('a failed request has no first token; a cancelled one has no end', () => {
  expect(parse(SAMPLE).rows[1]).toMatchObject({ status: 'failed', first_token_ms: null, prompt_tokens: 540, output_tokens: null });
  expect(parse(SAMPLE).rows[2]).toMatchObject({ status: 'unfinished', finish_ms: null });
});

describe('refusals', () => {
  const line = LINES[0] ?? '';
  test.each([
    ['no start', line.replace(/"request_start_ns": \d+, /, ''), 'a.jsonl, line 1, field metadata.request_start_ns: it is missing'],
    ['an unknown unit', line.replace('250.5, "unit": "ms"', '250.5, "unit": "ticks"'), '"ticks" is not a unit of time.'],
    ['not JSON', `${line.slice(0, 90)}\n`, 'a.jsonl, line 1: the line is not a JSON object'],
    ['nothing but warm-up', WARMUP, 'a.jsonl: the file holds no complete request.'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));

  test('milliseconds of another unit are understood', () =>
    expect(parse(line.replace('{"value": 250.5, "unit": "ms"}', '{"value": 0.2505, "unit": "sec"}')).rows[0]?.first_token_ms).toBe(250.5));
});

test('a request ends its latency after its start, not when its record ends', () => {
  const later = (LINES[0] ?? '').replace(/("request_end_ns": ?)(\d+)/, (_, key: string, ns: string) => `${key}${BigInt(ns) + 40_000_000n}`);
  expect(later).not.toBe(LINES[0]);
  expect(parse(`${later}\n`).rows[0]).toMatchObject({ finish_ms: parse(`${LINES[0]}\n`).rows[0]?.finish_ms });
});
