import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import otlpSpans from './importer.ts';

/** Invented values; layout and rounding are those of a span of vLLM that was seen (reference/load-and-telemetry.md). */
const SAMPLE = readFileSync(new URL('sample.jsonl', import.meta.url), 'utf8');
const LINES = SAMPLE.trimEnd().split('\n');
const parse = (text: string) => otlpSpans.parse(text, 'o.jsonl');

test('a span is a request, from its arrival at the server', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch', uncertainty_ms: 0.000256 }, origin_ns: 1795342500000000256n, warnings: [] });
  expect(series.rows[0]).toEqual({
    id: 'cmpl-1',
    intended_ms: null,
    arrival_ms: 0,
    scheduled_ms: 15.625,
    first_token_ms: 125,
    finish_ms: 500,
    prompt_tokens: 25,
    output_tokens: 16,
    itl_ms: null,
    status: 'ok',
  });
  expect(series.limits[0]).toContain('of the server');
});

test('an error is a failure; without e2e the request ends with its span', () =>
  expect(parse(SAMPLE).rows[1]).toMatchObject({
    id: 'cmpl-2',
    status: 'failed',
    arrival_ms: 250.000128,
    finish_ms: 750.000128,
    first_token_ms: null,
  }));

test('one document is read as well, pretty or not', () => {
  const document = JSON.stringify(JSON.parse(LINES[0] ?? ''), null, 2);
  expect(parse(document).rows).toEqual(parse(`${LINES[0]}\n`).rows);
  expect(otlpSpans.sniff(document)).toBe(true);
});

test('spans that are no requests are counted', () => {
  const other = (LINES[1] ?? '').replace('gen_ai.request.id', 'http.route').replace('"code": 2', '"code": 0');
  expect(parse(`${LINES[0]}\n${other}\n`)).toMatchObject({
    rows: { length: 1 },
    warnings: ['1 spans are no requests (no gen_ai attributes) and were left out.'],
  });
});

describe('refusals', () => {
  test.each([
    ['a time in words', SAMPLE.replace('1795342500250000384', 'noon'), 'o.jsonl, line 2, field span.startTimeUnixNano: "noon"'],
    ['no requests', '{"resourceSpans": []}\n', 'o.jsonl: none of its 0 spans is a request'],
    ['another document', '{"spans": []}\n', 'o.jsonl, line 1, field resourceSpans: it is missing'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});
