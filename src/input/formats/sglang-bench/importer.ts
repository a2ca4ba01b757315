// Format: https://github.com/sgl-project/sglang/blob/main/python/sglang/bench_serving.py (--output-file: one line a run; with
// --output-details also the durations of single requests, but no start times)

import { significant } from '#core/math/round';
import { fewRequests } from '#input/series/latency-figures';
import { PER_CHUNK } from '#input/series/request-series';
import { AGGREGATES_ONLY, ALL_FAILED, AS_FAST_AS_POSSIBLE, NO_STARTS, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord, secondResult } from '#input/text/bad-record';
import { jsonLines } from '#input/text/json-lines';
import { parsePython } from '#input/text/json-text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import type { RunSummary, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { latencyOf } from './figures.ts';
import { SglangRun } from './schema.ts';

const ID = 'sglang-bench';
const HINT = 'Give the file as sglang.bench_serving wrote it, one run a line.';

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'SGLang bench_serving (JSON lines)',
  extensions: ['.jsonl'],
  keys: ['backend', 'dataset_name', 'request_throughput', 'mean_e2e_latency_ms', 'total_output_tokens_retokenized'],
  sniff: head =>
    /^\ufeff?\s*\{/.test(head) && (head.includes('"total_output_tokens_retokenized"') || /"(?:mean|median)_e2e_latency_ms"\s*:/.test(head)),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter();
    const seen = new Map<string, number>();
    const runs: { run: SglangRun; row: RunSummary }[] = [];
    for (const { line, value } of jsonLines(text, source, counter, { parse: parsePython })) {
      const before = seen.get(JSON.stringify(value));
      if (before !== undefined) throw secondResult({ source, line }, `the run of line ${before} stands here again`);
      seen.set(JSON.stringify(value), line);
      const run = validate(SglangRun, value, { source, line }, HINT);
      runs.push({ run, row: toRow(run, { ...(typeof value === 'object' ? value : {}) }) });
    }
    if (runs.length === 0) throw badRecord({ source }, 'the file holds no complete run', HINT);
    return summarySeries({
      format: ID,
      rows: runs.map(({ row }) => row).sort(byLoad),
      limits: limitsOf(runs.map(({ run }) => run)),
      warnings: counter.sentences(),
    });
  },
});

/** Two means of the same times that SGLang rounds to nothing differ by no more than this. */
const SAME = 0.01;

/**
 * With speculative decoding a chunk holds several tokens. SGLang divides its times by accept_length and calls that the inter-token
 * latency (pull request 12064); what is worked out here from `itls` is between chunks: the two are told apart, not mixed.
 */
const speculative = ({ accept_length, mean_itl_ms, itls }: SglangRun): string[] => {
  const chunks = (itls ?? []).flat();
  if (typeof accept_length !== 'number' || accept_length <= 1 || chunks.length === 0 || typeof mean_itl_ms !== 'number') return [];
  const mean_ms = (chunks.reduce((sum, s) => sum + s, 0) / chunks.length) * 1000;
  if (Math.abs(mean_ms - mean_itl_ms) <= mean_itl_ms * SAME) return [];
  return [
    `The file's own mean_itl_ms, ${significant(mean_itl_ms, 4)} ms, is for each token; here a time is between chunks of ${significant(accept_length, 3)} accepted tokens, ${significant(mean_ms, 4)} ms in the mean.`,
  ];
};

const toRow = (run: SglangRun, fields: Readonly<Record<string, unknown>>): RunSummary => ({
  ...UNTOLD,
  label: run.tag ?? labelOf(run),
  duration_s: run.duration ?? null,
  requested_rate: typeof run.request_rate === 'number' ? run.request_rate : null,
  concurrency: run.max_concurrency ?? null,
  completed: run.completed,
  input_tokens: run.total_input_tokens ?? null,
  output_tokens: run.total_output_tokens ?? null,
  requests_per_s: run.request_throughput ?? null,
  output_tokens_per_s: run.output_throughput ?? null,
  total_tokens_per_s: run.total_throughput ?? null,
  latency: latencyOf(run, fields),
});

const labelOf = ({ backend, dataset_name, request_rate, max_concurrency }: SglangRun): string =>
  [
    ...[backend, dataset_name].filter(part => part),
    `rate ${request_rate ?? 'inf'}`,
    ...(typeof max_concurrency === 'number' ? [`concurrency ${max_concurrency}`] : []),
  ].join(', ');

/** Runs of a sweep stand in the order of their load, whatever order they were written in. */
const byLoad = (a: RunSummary, b: RunSummary): number =>
  (a.requested_rate ?? Number.MAX_VALUE) - (b.requested_rate ?? Number.MAX_VALUE) ||
  (a.concurrency ?? Number.MAX_VALUE) - (b.concurrency ?? Number.MAX_VALUE) ||
  (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

const limitsOf = (runs: readonly SglangRun[]): string[] => {
  const fewest = runs.reduce((least, { completed }) => Math.min(least, completed), Number.POSITIVE_INFINITY);
  const detailed = runs.some(({ ttfts }) => (ttfts?.length ?? 0) > 0);
  return [
    NO_STARTS,
    ...(detailed ? [PER_CHUNK] : [AGGREGATES_ONLY]),
    ...(fewest === 0 ? [ALL_FAILED] : fewRequests(fewest)),
    ...(runs.some(({ request_rate }) => typeof request_rate !== 'number') ? [AS_FAST_AS_POSSIBLE] : []),
    ...runs.flatMap(speculative),
  ];
};
