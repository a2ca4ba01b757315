import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import prometheusSglang from './importer.ts';

/** Invented values in the documented layout. */
const SAMPLE = readFileSync(new URL('sample.prom', import.meta.url), 'utf8');
const parse = (text: string) => prometheusSglang.parse(text, 'm.prom');

test('a histogram gives its mean and the edges of buckets; counters give requests and tokens', () => {
  const [row] = parse(SAMPLE).rows;
  expect(row).toMatchObject({ completed: 100, output_tokens: 12_800 });
  expect(row?.latency.map(f => [f.metric, f.q ?? f.statistic, f.lower_ms, f.upper_ms, f.n]).slice(0, 5)).toEqual([
    ['e2e', 'mean', 755, 755, 100],
    ['e2e', 0.5, 500, 1000, 100],
    ['e2e', 0.9, 500, 1000, 100],
    ['e2e', 0.95, 500, 1000, 100],
    ['e2e', 0.99, 1000, 2500, 100],
  ]);
});

test('several scrapes with times are no summary', () => expect(prometheusSglang.sniff(`# 2026-11-22T10:15:00Z\n${SAMPLE}`)).toBe(false));

test.each([
  ['no metric of it', 'sglang:token_usage 0.5\n', 'm.prom: it holds none of the latencies and counters of'],
  ['a line that is none', SAMPLE.replace(' 75.5', ' long'), 'm.prom, line 7: "'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
