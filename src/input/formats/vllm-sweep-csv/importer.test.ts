import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import vllmSweepCsv from './importer.ts';

/** Invented values in the layout that pandas gives a table of results. */
const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const parse = (text: string) => vllmSweepCsv.parse(text, 's.csv');

test('each row is a run; an empty cell is missing', () => {
  const [first, second] = parse(SAMPLE).rows;
  expect(first).toMatchObject({
    label: 'rate 4, run 0',
    sent: 200,
    completed: 198,
    failed: 2,
    concurrency: null,
    total_tokens_per_s: 897.9,
  });
  expect(first?.latency.map(f => [f.metric, f.q ?? f.statistic, f.lower_ms])).toEqual([
    ['ttft', 'mean', 62.5],
    ['ttft', 0.99, 125.25],
    ['itl', 'mean', 8.25],
  ]);
  expect(second).toMatchObject({ label: 'rate inf, concurrency 16, run 0', requested_rate: null, output_tokens: null });
});

test.each([
  ['a word', SAMPLE.replace('3.9208', 'fast'), 's.csv, line 2, field request_throughput: "fast"'],
  ['no row', SAMPLE.split('\n')[0] ?? '', 's.csv: the file holds no run.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
