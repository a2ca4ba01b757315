import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '#test/thorough';
import { epochMs, positive } from '#test/valid-values';
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

test('what a writer of the layout writes is read back', () =>
  fc.assert(
    fc.property(epochMs, fc.array(fc.tuple(fc.nat(9), fc.nat(9), positive), { minLength: 1, maxLength: 4 }), (from, tests) => {
      const written = tests.map(([n_prompt, n_gen, avg_ts], i) => ({
        ...{ n_prompt, n_gen, avg_ts, samples_ns: [1e6, 3e6] },
        test_time: new Date(from + i * 1000).toISOString(),
      }));
      const { rows } = parse(JSON.stringify(written));
      expect(rows.map(r => [r.start_ms, r.input_tokens, r.output_tokens, r.output_tokens_per_s ?? r.total_tokens_per_s])).toEqual(
        tests.map(([p, g, ts], i) => [i * 1000, p * 2, g * 2, ts]),
      );
    }),
    runs(50),
  ));
