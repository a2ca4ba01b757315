import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import llamaBench from './importer.ts';

/** Invented values in the layout of llama-bench. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => llamaBench.parse(text, 'b.json');

test('each test is a run of its repetitions', () => {
  const [prompt, generation] = parse(SAMPLE).rows;
  expect(prompt).toMatchObject({
    label: 'pp512, NVIDIA H100, CUDA',
    model: 'llama 7B Q4_0',
    start_ms: 0,
    completed: 2,
    input_tokens: 1024,
  });
  expect(prompt).toMatchObject({ total_tokens_per_s: 8205.1, output_tokens_per_s: null });
  expect(prompt?.latency).toContainEqual({ metric: 'e2e', statistic: 'mean', q: null, lower_ms: 62.5, upper_ms: 62.5, n: 2 });
  expect(generation).toMatchObject({
    label: 'tg128 @ d4096, NVIDIA H100, CUDA',
    start_ms: 5000,
    output_tokens_per_s: 128,
    total_tokens_per_s: null,
  });
});

test('-o jsonl is the same', () => {
  const lines = (JSON.parse(SAMPLE) as object[]).map(line => JSON.stringify(line)).join('\n');
  expect(llamaBench.sniff(lines)).toBe(true);
  expect(parse(`${lines}\n`)).toEqual(parse(SAMPLE));
});

test.each([
  ['no test', '[]', 'b.json: it holds no complete test.'],
  ['a wrong type', SAMPLE.replace('8205.1', '"fast"'), 'b.json, field 0.avg_ts: "fast"'],
  [
    'a time without a zone',
    SAMPLE.replace('10:15:05Z', '10:15:05'),
    'b.json, field 1.test_time: "2026-11-22T10:15:05" is not a time with a zone.',
  ],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
