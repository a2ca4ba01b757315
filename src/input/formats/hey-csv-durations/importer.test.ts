import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import heyCsvDurations from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const parse = (text: string) => heyCsvDurations.parse(text, 'hey.csv');

test('durations give exact percentiles, in ms, with their number', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'summary', clock: { kind: 'none' } });
  const [run] = series.rows;
  expect(run).toMatchObject({ completed: 4, failed: null, start_ms: null });
  const figure = (statistic: string, q: number | null) => run?.latency.find(f => f.statistic === statistic && f.q === q);
  expect(figure('percentile', 0.5)).toEqual({ metric: 'e2e', statistic: 'percentile', q: 0.5, lower_ms: 8.7, upper_ms: 8.7, n: 4 });
  expect(figure('percentile', 0.99)?.lower_ms).toBe(120.5);
  expect(figure('min', null)?.lower_ms).toBe(3.5);
  expect(figure('mean', null)?.lower_ms).toBeCloseTo(39.425, 9);
  expect(series.limits.join(' ')).toContain('With 4 requests, p99 is the maximum');
});

test('errors are counted and left out of the latencies where the fork writes status codes', () => {
  const [head = '', ...rows] = SAMPLE.trimEnd().split('\n');
  const coded = [`${head},status-code`, ...rows.map((row, i) => `${row},${i === 1 ? 500 : 200}`)].join('\n');
  const [run] = parse(`${coded}\n`).rows;
  expect(run).toMatchObject({ completed: 3, failed: 1 });
  expect(run?.latency.at(-1)).toMatchObject({ statistic: 'max', lower_ms: 25 });
});

describe('refusals', () => {
  test.each([
    [SAMPLE.replace('0.0035', '-1'), 'hey.csv, line 4, field response-time: "-1" is not a time in seconds.'],
    [SAMPLE.split('\n')[0] ?? '', 'hey.csv: the file holds no request.'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
