import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import genaiPerf from './importer.ts';

/** Invented values; the layout is that of perf_analyzer's parser tests, no real file of a free licence was found. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => genaiPerf.parse(text, 'g.json');

test('the responses of a request give its first token, the times between chunks and its end', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch', uncertainty_ms: 0.000256 }, origin_ns: 1795342500000000000n, warnings: [] });
  expect(series.rows[0]).toMatchObject({
    id: '0.0',
    arrival_ms: 0,
    first_token_ms: 128,
    itl_ms: Float32Array.of(64, 64),
    finish_ms: 256,
    status: 'ok',
    output_tokens: null,
  });
  expect(series.limits.join(' ')).toMatch(/256 ns.*between chunks.*No intended start/);
});

test('one response has no first token of its own, and none is a failure', () => {
  expect(parse(SAMPLE).rows[1]).toMatchObject({ first_token_ms: null, finish_ms: 512, itl_ms: null, status: 'ok' });
  expect(parse(SAMPLE).rows[2]).toMatchObject({ finish_ms: null, status: 'failed' });
});

test('a clock that does not count from 1970 is relative', () =>
  expect(parse(SAMPLE.replaceAll('1795342500', '12345').replaceAll('1795342501', '12346'))).toMatchObject({
    clock: { kind: 'relative' },
    origin_ns: 12345000000000n,
  }));

describe('refusals', () => {
  test.each([
    [
      'a date for a number',
      SAMPLE.replace('1795342500064000000', '"noon"'),
      'g.json, field experiments.0.requests.1.timestamp: "noon" is not what belongs here',
    ],
    ['no requests', '{"experiments": [], "service_kind": "openai"}', 'g.json: the file holds no complete request.'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});
