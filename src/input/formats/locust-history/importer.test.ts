import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import locustHistory from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const parse = (text: string) => locustHistory.parse(text, 'l.csv');
const [HEADER = '', ...LINES] = SAMPLE.trimEnd().split('\n');

describe('with --csv-full-history', () => {
  const series = parse(SAMPLE);
  const [all, generate] = series.rows;

  test('there is one run for the whole and one for each kind of request', () => {
    expect(series).toMatchObject({ clock: { kind: 'epoch', uncertainty_ms: 1000 }, origin_ns: 1_795_311_000_000_000_000n });
    expect(series.rows.map(row => row.label)).toEqual(['Aggregated', 'POST generate']);
    expect(all).toMatchObject({ start_ms: 0, end_ms: 12_000, concurrency: 4, completed: 59, failed: 1 });
    expect(generate).toMatchObject({ start_ms: 1000, end_ms: 12_000 });
  });

  test('percentiles slide over ten seconds; their count is known where a row ten seconds before is', () => {
    expect(all?.windows).toHaveLength(12);
    expect(all?.windows[0]).toMatchObject({ start_ms: -9000, length_ms: 10_000, requests: null });
    expect(all?.windows.at(-1)).toMatchObject({ start_ms: 2000, requests: 50, failures: 1 });
    const p99 = all?.windows.at(-1)?.latency.find(figure => figure.q === 0.99);
    expect(p99).toEqual({ metric: 'e2e', statistic: 'percentile', q: 0.99, lower_ms: 1150, upper_ms: 1250, n: 50 });
    expect(series.limits[0]).toContain('10 s before it');
  });

  test('of the whole run the mean, the extremes and the median are known, and no p99', () => {
    expect(all?.latency.map(f => [f.statistic, f.q, f.lower_ms, f.upper_ms, f.n])).toEqual([
      ['mean', null, 102.25, 102.25, 60],
      ['min', null, 79.5, 79.5, 60],
      ['max', null, 1203.5, 1203.5, 60],
      ['percentile', 0.5, 84.5, 85.5, 60],
    ]);
  });
});

test('without --csv-full-history percentiles are those since the start: the last row counts, windows have counts only', () => {
  const series = parse([HEADER, ...LINES.filter(line => line.includes('Aggregated'))].join('\n'));
  const [all] = series.rows;
  expect(all?.latency.find(f => f.q === 0.99)).toMatchObject({ lower_ms: 1150, upper_ms: 1250, n: 60 });
  expect(all?.windows.at(-1)).toMatchObject({ start_ms: 11_000, length_ms: 1000, requests: 5, latency: [] });
  expect(series.limits[0]).toContain('--csv-full-history');
});

test('N/A and zeros in a time without an answer are no latency', () => {
  const silent = parse([HEADER, LINES[0], (LINES[1] ?? '').replace(/0\.000000,.*,5,0,/, `0.000000,${'0,'.repeat(11)}5,0,`)].join('\n'));
  expect(silent.rows.flatMap(row => row.windows)).toEqual([]);
});

describe('refusals', () => {
  test.each([
    [`${HEADER}\n12:30${LINES[1]?.slice(10)}\n`, 'l.csv, line 2, field Timestamp: "12:30" is neither an amount nor N/A.'],
    [`${HEADER}\n123${LINES[1]?.slice(10)}\n`, 'l.csv, line 2, field Timestamp: "123" is not a date in seconds.'],
    [HEADER, 'l.csv: the file holds no row.'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
