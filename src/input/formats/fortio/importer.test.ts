import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import fortio from './importer.ts';

/** Invented values in the documented layout. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => fortio.parse(text, 'f.json');

test('the run has its window, and percentiles lie in their buckets', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: 1_795_342_500_500_000_000n });
  expect(series.rows[0]).toMatchObject({
    duration_s: 30.125,
    requested_rate: 40,
    concurrency: 8,
    sent: 1200,
    completed: 1197,
    failed: 3,
    requests_per_s: 39.75,
  });
  expect(series.rows[0]?.latency.filter(f => f.q !== null).map(f => [f.q, f.lower_ms, f.upper_ms])).toEqual([
    [0.5, 8, 16],
    [0.99, 16, 400],
  ]);
  expect(series.limits.at(-1)).toBe('In the file, but not read: Sizes.');
});

test('without the bucket a percentile is as Fortio says, and the limits tell', () => {
  const series = parse(SAMPLE.replace(/"Data": \[[^\]]*\]/, '"Data": null'));
  expect(series.rows[0]?.latency.filter(f => f.q !== null).map(f => f.lower_ms)).toEqual([9.6, 375]);
  expect(series.limits.join(' ')).toContain('lacks the bucket');
});

test('"max" is no rate, and codes of gRPC tell no failures', () => {
  const [row] = parse(SAMPLE.replace('"40"', '"max"').replace('"200"', '"SERVING"')).rows;
  expect(row).toMatchObject({ requested_rate: null, completed: null, failed: null });
});

test.each([
  ['a wrong type', SAMPLE.replace('39.75', '"fast"'), 'f.json, field ActualQPS: "fast"'],
  ['a time without a zone', SAMPLE.replace('00.5Z', '00.5'), 'f.json, field StartTime: "2026-11-22T10:15:00.5" is not a time with a zone.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
