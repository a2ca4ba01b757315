import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import vegetaReport from './importer.ts';

/** Invented values in the documented layout. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => vegetaReport.parse(text, 'v.json');

test('the run is placed by its first request and its last answer; code 0 is none', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: 1_795_342_500_000_000_000n });
  expect(series.rows[0]).toMatchObject({
    start_ms: 0,
    end_ms: 30_125,
    sent: 1200,
    completed: 1197,
    failed: 3,
    requests_per_s: 39.75,
    requested_rate: null,
  });
  expect(series.rows[0]?.latency.map(f => [f.q ?? f.statistic, f.lower_ms])).toEqual([
    ['mean', 12.5],
    [0.5, 10],
    [0.9, 20],
    [0.95, 25],
    [0.99, 62.5],
    ['max', 400],
    ['min', 1],
  ]);
  expect(series.limits.at(-1)).toBe('In the file, but not read: bytes_in, bytes_out.');
});

test.each([
  [
    'a time without a zone',
    SAMPLE.replace('10:15:00Z', '10:15:00'),
    'v.json, field earliest: "2026-11-22T10:15:00" is not a time with a zone.',
  ],
  ['more answers than requests', SAMPLE.replace('"200": 1197', '"200": 1201'), 'v.json, field status_codes: it counts more answers'],
  ['a negative latency', SAMPLE.replace('"mean": 12500000', '"mean": -1'), 'v.json, field latencies.mean: -1'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
