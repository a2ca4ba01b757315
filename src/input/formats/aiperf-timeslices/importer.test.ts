import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import aiperfTimeslices from './importer.ts';

/** Invented values in the layout of a published file. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => aiperfTimeslices.parse(text, 't.json');

test('each slice is a window of one run, at its time', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: 1_795_342_500_000_000_000n });
  const [first, second] = series.rows[0]?.windows ?? [];
  expect(first).toMatchObject({ start_ms: 0, length_ms: 1000, requests: 8, failures: null });
  expect(first?.latency.map(f => [f.metric, f.q ?? f.statistic, f.lower_ms, f.n])).toEqual([
    ['e2e', 'mean', 125.5, 8],
    ['e2e', 0.5, 120.25, 8],
    ['e2e', 0.99, 250.5, 8],
    ['e2e', 'min', 62.5, 8],
    ['e2e', 'max', 250.5, 8],
    ['ttft', 'mean', 31.25, 8],
    ['ttft', 0.99, 62.5, 8],
  ]);
  expect(second).toMatchObject({ start_ms: 1000, requests: 3, failures: 1 });
  expect(series.limits.at(-1)).toBe('In the file, but not read: output_sequence_length.');
});

test.each([
  ['no slice', '{"timeslices": []}', 't.json: it holds no timeslice.'],
  [
    'a slice that ends before it begins',
    SAMPLE.replace('"end_ns": 1795342501', '"end_ns": 1795342499'),
    't.json, field timeslices.0: it ends before',
  ],
  [
    'a unit of no time',
    SAMPLE.replace('"unit": "ms"', '"unit": "miles"'),
    'timeslices.0.request_latency.unit: "miles" is not a unit of time.',
  ],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
