import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import vllmSweep from './importer.ts';

/** Invented values in the layout of a result of vllm bench serve. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => vllmSweep.parse(text, 's.json');

test('each entry is a run', () => {
  const [first, second] = parse(SAMPLE).rows;
  expect(first).toMatchObject({
    label: 'rate 4, run 0',
    sent: 200,
    completed: 198,
    failed: 2,
    output_tokens: 25344,
    requests_per_s: 3.9208,
  });
  expect(first?.latency.map(f => [f.metric, f.q ?? f.statistic, f.lower_ms, f.n])).toEqual([
    ['ttft', 'mean', 62.5, 198],
    ['ttft', 0.99, 125.25, 198],
    ['itl', 'mean', 8.25, null],
  ]);
  expect(second).toMatchObject({ label: 'rate inf, concurrency 16, run 0', requested_rate: null, concurrency: 16 });
});

test.each([
  ['no run', '[]', 's.json: it holds no complete run.'],
  ['a wrong type', SAMPLE.replace('3.9208', '"fast"'), 's.json, field 0.request_throughput: "fast"'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
