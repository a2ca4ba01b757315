import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import aiperfCsv from './importer.ts';

/** Invented values in the layout of genai-perf. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => aiperfCsv.parse(text, 'a.csv');

test('distributions and single values, thousands parted by commas', () => {
  const { rows, limits } = parse(SAMPLE);
  expect(rows[0]).toMatchObject({ completed: 40, requests_per_s: 0.125, output_tokens_per_s: 45.25 });
  expect(rows[0]?.latency.filter(f => f.metric === 'e2e').map(f => [f.q ?? f.statistic, f.lower_ms])).toEqual([
    ['mean', 13060.5],
    ['min', 13042.25],
    ['max', 13173.5],
    [0.99, 13163],
    [0.95, 13100],
    [0.9, 13073.25],
    [0.75, 13050.5],
    [0.5, 13050],
    [0.25, 13045],
  ]);
  expect(limits.at(-1)).toBe('In the file, but not read: Output Sequence Length.');
});

test('a table of other things is left out, and counted', () =>
  expect(parse(`${SAMPLE}\nEndpoint,GPU_Index,Metric,avg\nlocalhost,0,GPU Power Usage (W),400\n`).warnings[1]).toContain(
    'a row of a table that is not read',
  ));

test.each([
  ['a word', SAMPLE.replace('11.25', 'fast'), 'a.csv, line 4, field avg: "fast" is not an amount.'],
  ['a field too few', SAMPLE.replace(',11.10', ''), 'a.csv, line 4: the line has 9 fields, but its header has 10.'],
  ['a unit of no time', SAMPLE.replace('Latency (ms)', 'Latency (miles)'), 'a.csv, line 3, field Metric: "miles" is not a unit of time.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
