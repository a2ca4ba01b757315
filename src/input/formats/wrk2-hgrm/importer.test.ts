import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import wrk2Hgrm from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const TABLE = SAMPLE.slice(SAMPLE.indexOf('       Value'), SAMPLE.indexOf('-----'));
const parse = (text: string) => wrk2Hgrm.parse(text, 'w.hgrm');

test('a percentile of the table is exact; another lies between its neighbours', () => {
  const [run] = parse(SAMPLE).rows;
  expect(run?.latency.map(f => [f.statistic, f.q, f.lower_ms, f.upper_ms, f.n])).toEqual([
    ['mean', null, 1.738, 1.738, 20_000],
    ['std', null, 2.356, 2.356, 20_000],
    ['percentile', 0.5, 1.11, 1.11, 20_000],
    ['percentile', 0.9, 1.61, 1.61, 20_000],
    ['percentile', 0.95, 2.05, 2.05, 20_000],
    ['percentile', 0.99, 19.03, 24.11, 20_000],
    ['percentile', 0.999, 80.03, 95.04, 20_000],
    ['max', null, 95.04, 95.04, 20_000],
  ]);
});

test('what stands around the table is told too', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'none' }, warnings: [] });
  expect(series.rows[0]).toMatchObject({
    label: 'Recorded Latency',
    duration_s: 30,
    concurrency: 16,
    completed: 29_978,
    failed: 16,
    requests_per_s: 999.67,
    start_ms: null,
  });
});

test('a table alone tells latencies only', () => {
  expect(parse(TABLE).rows[0]).toMatchObject({ label: null, completed: null, failed: null, duration_s: null });
});

test('with --u_latency both tables are read, and told apart', () => {
  const [first = '', rest = ''] = SAMPLE.split('-----', 2);
  const again = first
    .slice(first.indexOf('  Latency Dist'))
    .replace('Recorded Latency', 'Uncorrected Latency (measured without taking delayed starts into account)');
  const series = parse(`${first}${again}-----${rest}\n`);
  expect(series.rows.map(row => row.label?.split(' ')[0])).toEqual(['Recorded', 'Uncorrected']);
  expect(series.limits.join(' ')).toContain('leave out how late requests were sent');
});

test('a table without its end is told', () => {
  const series = parse(TABLE.slice(0, TABLE.indexOf('#[Mean')));
  expect(series.warnings.join(' ')).toContain('may be cut off');
  expect(series.rows[0]?.latency.every(f => f.n === null)).toBe(true);
});

describe('refusals', () => {
  test.each([
    [TABLE.replace('0.703     0.100000', 'fast     0.100000'), 'w.hgrm, line 4: "       fast     0.100000'],
    [TABLE.replace('1.110 ', '0.110 '), 'w.hgrm, line 5: the values or the percentiles fall.'],
    [TABLE.split('\n')[0] ?? '', 'w.hgrm: it has no table of percentiles with a value.'],
  ])('%#', (text, message) => expect(() => parse(`${text}\n`)).toThrow(message));
});
