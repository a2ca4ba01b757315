// Format: https://github.com/ggml-org/llama.cpp/tree/master/tools/llama-bench (-o json: one array; -o jsonl: one test a line); seen: builds of
// 2024 to 2026. One entry a test, with the time of each repetition.

import { z } from 'zod';
import { figuresOf } from '#input/series/latency-figures';
import { notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { jsonLines } from '#input/text/json-lines';
import { jsonValues } from '#input/text/json-values';
import { head, type Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { extent, msSince } from '#input/time/nanoseconds';
import { parseRfc3339 } from '#input/time/timestamp';
import type { RunSummary, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'llama-bench';
const HINT = 'Give the file as llama-bench -o json or -o jsonl wrote it.';
const LIMITS = [
  'A test runs in the program itself, without a server, queue or network: each repetition counts as a request here, and no other ran beside it.',
  'Tokens a second of a test with a prompt are in total_tokens_per_s, of one that only generates in output_tokens_per_s.',
];

const amount = z.number().nonnegative();
const Test = z.object({
  model_type: z.string().nullish(),
  gpu_info: z.string().nullish(),
  backends: z.string().nullish(),
  n_prompt: z.int().nonnegative(),
  n_gen: z.int().nonnegative(),
  n_depth: z.int().nonnegative().nullish(),
  test_time: z.string(),
  avg_ts: amount,
  samples_ns: z.array(amount),
});
type Test = z.infer<typeof Test>;

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'llama-bench (JSON)',
  extensions: ['.json', '.jsonl'],
  keys: ['build_commit', 'model_filename', 'n_prompt', 'n_gen', 'avg_ts', 'samples_ns'],
  sniff: text =>
    /^\ufeff?\s*(?:\[\s*)?\{/.test(text) && text.includes('"n_prompt"') && text.includes('"avg_ts"') && text.includes('"samples_ns"'),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter('document');
    const tests = [...readTests(text, source, counter)];
    const starts = tests.map(({ test_time }, i) => startOf(test_time, { source, field: `${i}.test_time` }));
    const origin_ns = extent(starts)?.min;
    if (origin_ns === undefined) throw badRecord({ source }, 'it holds no complete test', HINT);
    return summarySeries({
      format: ID,
      clock: { kind: 'epoch', uncertainty_ms: 1000 },
      origin_ns,
      rows: tests.map((test, i) => toRun(test, msSince(origin_ns, starts[i] ?? origin_ns))),
      limits: [...LIMITS, ...notRead(['stddev_ns', 'stddev_ts', 'samples_ts'])],
      warnings: counter.sentences(),
    });
  },
});

/** A byte order mark and blanks may stand before the bracket. */
const BEFORE = 256;

function* readTests(text: Text, source: string, counter: WarningCounter): Generator<Test, void> {
  if (/^\ufeff?\s*\[/.test(head(text, BEFORE)))
    for (const { path, value } of jsonValues(text, source, ['$.*'], counter))
      yield validate(Test, value, { source, path: path.join('.') }, HINT);
  else for (const { line, value } of jsonLines(text, source, counter, { hint: HINT })) yield validate(Test, value, { source, line }, HINT);
}

const startOf = (text: string, at: { readonly source: string; readonly field: string }): bigint => {
  const stamp = parseRfc3339(text);
  if (stamp === undefined) throw badRecord(at, `${quote(text)} is not a time with a zone`, HINT);
  return stamp.ns;
};

/** pp512, tg128, pp512+tg128 @ d4096: as llama-bench names its tests. */
const nameOf = ({ n_prompt, n_gen, n_depth }: Test): string =>
  [n_prompt > 0 ? `pp${n_prompt}` : '', n_gen > 0 ? `tg${n_gen}` : ''].filter(part => part !== '').join('+') +
  (n_depth ? ` @ d${n_depth}` : '');

const toRun = (test: Test, start_ms: number): RunSummary => {
  const generates = test.n_prompt === 0;
  const repetitions = test.samples_ns.length;
  return {
    ...UNTOLD,
    label: [nameOf(test), test.gpu_info, test.backends].filter(part => part).join(', '),
    model: test.model_type ?? null,
    start_ms,
    concurrency: 1,
    completed: repetitions,
    input_tokens: test.n_prompt * repetitions,
    output_tokens: test.n_gen * repetitions,
    output_tokens_per_s: generates ? test.avg_ts : null,
    total_tokens_per_s: generates ? null : test.avg_ts,
    latency: figuresOf(
      'e2e',
      test.samples_ns.map(ns => ns / 1e6),
    ),
  };
};
