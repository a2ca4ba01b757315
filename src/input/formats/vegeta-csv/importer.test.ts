import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import vegetaCsv from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => vegetaCsv.parse(text, 'v.csv');
const T = '1795312800000000123';

test('rows without a header become requests, exact to the nanosecond', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ origin_ns: 1_795_312_800_000_000_123n, clock: { kind: 'epoch', uncertainty_ms: 0 }, warnings: [] });
  expect(series.rows.map(({ id, arrival_ms, finish_ms, status }) => [id, arrival_ms, finish_ms, status])).toEqual([
    ['warm 0', 0, 12, 'ok'],
    ['warm 1', 9.999877, 105.499877, 'ok'],
    ['warm 2', 20.003877, 21.503877, 'failed'],
    ['warm 3', 29.999877, 30029.999877, 'failed'],
  ]);
});

test('older versions end with seq', () => {
  expect(parse(`${T},200,5,0,0,,,,7\n`).rows[0]).toMatchObject({ id: '7', finish_ms: 0.000005 });
});

test('a seq that may be cut off is not used', () => {
  const series = parse(`${T},200,5,0,0,,,,7\n${T},200,5,0,0,,,,8`);
  expect(series.rows.map(row => row.id)).toEqual(['7']);
  expect(series.warnings).toEqual(['Line 2: the file may end in the middle of this record, which was left out.']);
});

describe('refusals', () => {
  test.each([
    ['1795312800,200,5,0,0,,,,7\n', 'field timestamp: "1795312800" is not a time in nanoseconds since 1970.'],
    [`${T},OK,5,0,0,,,,7\n`, 'field code: "OK" is not a status code.'],
    [`${T},200,0.5,0,0,,,,7\n`, 'field latency: "0.5" is not a latency in nanoseconds.'],
    [`${T},200,5,0,0,,,,\n`, 'field seq: "" is not a number.'],
    [`${T},200,5\n`, 'v.csv, line 1: the line has 3 fields, but a result has at least 9.'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
