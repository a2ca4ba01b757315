import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import gatlingLog from './importer.ts';

/** Invented values in the layout of 3.9. */
const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const parse = (text: string) => gatlingLog.parse(text, 'g.log');
const times = (text: string) => parse(text).rows.map(r => [r.arrival_ms, r.finish_ms, r.status]);

test('each REQUEST is one, OK or KO', () =>
  expect(times(SAMPLE)).toEqual([
    [0, 125, 'ok'],
    [90, 220, 'failed'],
    [140, 390, 'ok'],
  ]));

test('up to 3.3 the number of a user stands first', () =>
  expect(times(SAMPLE.replaceAll('REQUEST\t', 'REQUEST\t7\t'))).toEqual(times(SAMPLE)));

test.each([
  ['an end before the start', SAMPLE.replace('1795342500135', '1795342500000'), 'g.log, line 3: "REQUEST'],
  ['no request', SAMPLE.replace(/^REQUEST.*\n/gm, ''), 'g.log: the file holds no complete request.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
