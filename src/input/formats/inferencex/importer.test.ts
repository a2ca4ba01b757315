import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import inferencex from './importer.ts';

/** Invented values in the layout of a real result; real ones are read in test/samples-inference.test.ts. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => inferencex.parse(text, 'r.json');

test('seconds without a unit become milliseconds', () => {
  const [row] = parse(SAMPLE).rows;
  expect(row).toMatchObject({ sent: 40, completed: 40, concurrency: 4, requested_rate: null, output_tokens_per_s: 83.25, end_ms: 0 });
  expect(row?.latency).toContainEqual({ metric: 'e2e', statistic: 'percentile', q: 0.99, lower_ms: 7375, upper_ms: 7375, n: 40 });
  expect(row?.latency).toContainEqual({ metric: 'tpot', statistic: 'percentile', q: 0.5, lower_ms: 40.625, upper_ms: 40.625, n: null });
  expect(row?.latency).toHaveLength(6);
});

test('the date is local time at the end of the run', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'zoneless', uncertainty_ms: 1000 }, origin_ns: 1795342500_000000000n });
  expect(series.limits.join(' ')).toMatch(
    /cannot be laid over a trace.*aggregates only.*no zone.*40 requests, p99 is the maximum.*rate inf/,
  );
});

describe('refusals', () => {
  test('a run without any success has no latency', () => {
    const series = parse(SAMPLE.replace('"completed": 40', '"completed": 0'));
    expect(series.rows[0]?.latency).toEqual([]);
    expect(series.limits.join(' ')).toContain('No request succeeded');
  });
  test.each([
    ['a word for a number', SAMPLE.replace('40,\n  "good', '"many",\n  "good'), 'r.json, field completed: "many" is not what belongs here'],
    ['no number of requests', SAMPLE.replace('"completed": 40,', ''), 'r.json, field completed: it is missing'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});
