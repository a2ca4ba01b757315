import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bucketOf } from './bucket.ts';
import fioJson from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => fioJson.parse(text, 'fio.json');

test('a job becomes a run; what it did not do has no latency', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: 1_795_311_036_152_000_000n, warnings: [] });
  const [run] = series.rows;
  expect(run).toMatchObject({ label: 'mixed', duration_s: 9.95, completed: 1000, requests_per_s: 100.5, end_ms: 0, start_ms: null });
  expect(run?.latency.map(f => [f.metric, f.statistic, f.q, f.lower_ms, f.upper_ms, f.n])).toEqual([
    ['read', 'mean', null, 0.5771005, 0.5771005, 1000],
    ['read', 'std', null, 0.44645725, 0.44645725, 1000],
    ['read', 'min', null, 0.078087, 0.078087, 1000],
    ['read', 'percentile', 0.5, 0.503808, 0.507904, 1000],
    ['read', 'percentile', 0.99, 1.654784, 1.671168, 1000],
    ['read', 'percentile', 0.999, 2.04, 2.04, 1000],
    ['read', 'max', null, 2.033027, 2.033027, 1000],
  ]);
  expect(series.limits.join(' ')).toContain("fio's clat:");
});

test('a percentile is the middle of a bucket: 64 to each power of two', () => {
  expect([0, 127, 129, 505_856, 505_857].map(bucketOf)).toEqual([
    [0, 0],
    [127, 127],
    [128, 130],
    [503_808, 507_904],
    [505_857, 505_857],
  ]);
});

test('with lat_percentiles the latency is lat', () => {
  const json = JSON.parse(SAMPLE);
  const { read } = json.jobs[0];
  read.lat_ns.percentile = read.clat_ns.percentile;
  delete read.clat_ns.percentile;
  const series = parse(JSON.stringify(json));
  expect(series.rows[0]?.latency[0]?.lower_ms).toBe(0.58);
  expect(series.limits.join(' ')).toContain("fio's lat:");
});

test('notes that fio writes before the document do not matter', () => {
  expect(parse(`note: both iodepth >= 1 and synchronous I/O engine are selected\n${SAMPLE}`)).toEqual(parse(SAMPLE));
});

test('a job that failed is told', () => {
  expect(parse(SAMPLE.replace('"error": 0', '"error": 5')).warnings).toEqual([expect.stringContaining('Job mixed ended with error 5')]);
});

describe('refusals', () => {
  test.each([
    [SAMPLE.replace('"total_ios": 1000', '"total_ios": 0'), 'fio.json: no job has read or written anything.'],
    [SAMPLE.replaceAll('_ns"', '"'), 'fio.json, field jobs.0.read'],
    [SAMPLE.slice(0, 600), 'fio.json: it is not a whole JSON document'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
