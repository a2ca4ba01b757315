import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import trtllmBench from './importer.ts';

/** Invented values in the layout of 1.0. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => trtllmBench.parse(text, 't.json');

test('figures and rates are read, with the number of GPUs', () => {
  const [row] = parse(SAMPLE).rows;
  expect(row).toMatchObject({ model: 'm/small', label: 'Pytorch', gpus: 2, duration_s: 30.125, completed: 1200, concurrency: null });
  expect(row).toMatchObject({ requests_per_s: 39.75, output_tokens_per_s: 5120.5, total_tokens_per_s: 9000.25 });
  expect(row?.latency.map(f => [f.metric, f.q ?? f.statistic, f.lower_ms]).slice(0, 6)).toEqual([
    ['e2e', 'mean', 12250.5],
    ['e2e', 'min', 9000.5],
    ['e2e', 'max', 15000.5],
    ['e2e', 0.5, 12000.5],
    ['e2e', 0.9, 13000.5],
    ['e2e', 0.99, 14000.5],
  ]);
  expect(parse(SAMPLE).limits.at(-1)).toBe('In the file, but not read: output_throughput_per_gpu_tok_s, output_throughput_per_user_tok_s.');
});

test.each([
  ['no count', SAMPLE.replace('"num_requests": 1200,', ''), 't.json, field request_info.num_requests: it is missing'],
  ['a wrong type', SAMPLE.replace('39.75', '"fast"'), 't.json, field performance.request_throughput_req_s: "fast"'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
