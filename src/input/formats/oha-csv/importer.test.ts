import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import ohaCsv from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const parse = (text: string) => ohaCsv.parse(text, 'oha.csv');

test('rows become requests on a relative clock, exact to the nanosecond', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'relative' }, origin_ns: 2_211_678n, warnings: [] });
  expect(series.rows.map(({ id, arrival_ms, finish_ms, status }) => [id, arrival_ms, finish_ms, status])).toEqual([
    ['1', 0, 2.626127, 'ok'],
    ['2', 0.190322, 451.190323, 'ok'],
    ['3', 7.788325, 10.288325, 'failed'],
    ['4', 97.788322, 100.288322, 'ok'],
  ]);
  expect(series.limits.join(' ')).toMatch(/without an answer.*--latency-correction/);
});

test('older versions have no Response-delay', () => {
  expect(parse('request-start,DNS,DNS+dialup,request-duration,bytes,status\n0.5,0,0,0.25,11,200\n').rows[0]).toMatchObject({
    finish_ms: 250,
  });
});

describe('refusals', () => {
  test.each([
    [SAMPLE.replace('0.0025', 'x'), 'oha.csv, line 4, field request-duration: "x" is not a time in seconds.'],
    [SAMPLE.replace('503', '5'), 'oha.csv, line 4, field status: "5" is not a status code.'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
