import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import lmbenchmark from './importer.ts';

/** Invented values under the headings of a real file. */
const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const parse = (text: string) => lmbenchmark.parse(text, 'l.csv');

test('each row is a request, with its first token and its lengths', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: 1_795_342_500_500_000_000n, warnings: [] });
  expect(series.rows[1]).toMatchObject({
    id: 'user 2, question 1',
    arrival_ms: 750,
    first_token_ms: 1000,
    finish_ms: 2250,
    prompt_tokens: 80,
    output_tokens: 24,
    status: 'ok',
  });
});

test.each([
  ['a word', SAMPLE.replace('0.25,', 'soon,'), 'l.csv, line 3, field ttft: "soon" is not an amount.'],
  [
    'an end before the start',
    SAMPLE.replace('1795342501.5', '1795342499.5'),
    'l.csv, line 2, field finish_time: the request ends before it begins.',
  ],
  ['no row', SAMPLE.split('\n')[0] ?? '', 'l.csv: the file holds no complete request.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
