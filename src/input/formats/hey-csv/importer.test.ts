import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import heyCsv from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const parse = (text: string) => heyCsv.parse(text, 'hey.csv');
const HEADER = SAMPLE.slice(0, SAMPLE.indexOf('\n') + 1);

test('rows become requests on a relative clock', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'relative' }, origin_ns: 1_600_000n, warnings: [] });
  expect(series.rows.map(({ id, arrival_ms, finish_ms, status }) => [id, arrival_ms, finish_ms, status])).toEqual([
    ['1', 0, 8.7, 'ok'],
    ['2', 0, 120.5, 'ok'],
    ['3', 8.7, 12.2, 'failed'],
    ['4', 12.2, 37.2, 'ok'],
  ]);
});

test('says that failures without an answer are not in the file', () => {
  expect(parse(SAMPLE).limits.join(' ')).toContain('without an answer');
});

test('a last row that is cut off in its offset is left out', () => {
  expect(parse(SAMPLE.slice(0, -2)).rows).toHaveLength(3);
});

describe('refusals', () => {
  test.each([
    ['fast,0,0,0,0,0,200,0.1\n', 'hey.csv, line 2, field response-time: "fast" is not a time in seconds.'],
    ['0.1,0,0,0,0,0,OK,0.1\n', 'hey.csv, line 2, field status-code: "OK" is not a status code.'],
    ['', 'hey.csv: the file holds no complete request.'],
  ])('%s', (row, message) => expect(() => parse(HEADER + row)).toThrow(message));
});
