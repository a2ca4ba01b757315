// Format: https://github.com/ray-project/llmperf/blob/main/token_benchmark_ray.py (*_summary.json: aggregates of one run under flat names);
// seen: version "2023-08-31", the only one there is.

import { z } from 'zod';
import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, ALL_FAILED, NO_STARTS, notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { topScalars } from '#input/text/json-scalars';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import type { LatencyFigure, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'llmperf-summary';
const KEYS = ['num_concurrent_requests', 'results_ttft_s_mean', 'results_end_to_end_latency_s_mean', 'results_num_completed_requests'];
const FIGURE = /^results_(ttft_s|end_to_end_latency_s)_(?:quantiles_)?(p\d{1,3}|mean|min|max|stddev)$/;
const METRIC = { ttft_s: 'ttft', end_to_end_latency_s: 'e2e' } as const;
const isMetric = (name: string): name is keyof typeof METRIC => Object.hasOwn(METRIC, name);
const MS_PER_S = 1000;

const amount = z.number().nonnegative().optional();
const Summary = z.object({
  name: z.string().optional(),
  model: z.string().optional(),
  num_concurrent_requests: amount,
  results_num_requests_started: amount,
  results_num_completed_requests: z.int().nonnegative(),
  results_num_completed_requests_per_min: amount,
  results_number_errors: amount,
  results_mean_output_throughput_token_per_s: amount,
  /** Seconds since 1970. */
  timestamp: z.number().min(1e9).max(1e10).optional(),
});
type Summary = z.infer<typeof Summary>;

/** What says how the run was set up, or says again what is read. */
const KNOWN = new Set([
  ...Object.keys(Summary.shape),
  'version',
  'framework',
  'model_size',
  'api',
  'results_error_rate',
  'results_error_code_frequency',
]);

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'LLMPerf summary (JSON)',
  extensions: ['.json'],
  keys: KEYS,
  sniff: head => /^\ufeff?\s*\{/.test(head) && /"results_(?:ttft_s|end_to_end_latency_s)_(?:quantiles|mean)/.test(head),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter('document');
    const scalars = topScalars(text, source, counter);
    const summary = validate(Summary, scalars, { source }, 'Give the file *_summary.json as LLMPerf wrote it.');
    const { timestamp, results_num_completed_requests: completed } = summary;
    const unread = Object.keys(scalars).filter(
      key => !FIGURE.test(key) && !KNOWN.has(key) && !/^(?:mean|stddev)_(?:in|out)put_tokens$/.test(key),
    );
    return summarySeries({
      format: ID,
      ...(timestamp === undefined
        ? {}
        : { clock: { kind: 'epoch', uncertainty_ms: MS_PER_S }, origin_ns: BigInt(Math.floor(timestamp)) * 1_000_000_000n }),
      rows: [{ ...rowOf(summary), end_ms: timestamp === undefined ? null : 0, latency: latencyOf(scalars, completed) }],
      limits: [NO_STARTS, AGGREGATES_ONLY, ...(completed === 0 ? [ALL_FAILED] : fewRequests(completed)), ...notRead(unread)],
      warnings: counter.sentences(),
    });
  },
});

const rowOf = (summary: Summary) => ({
  ...UNTOLD,
  label: summary.name ?? null,
  model: summary.model ?? null,
  concurrency: summary.num_concurrent_requests ?? null,
  sent: summary.results_num_requests_started ?? null,
  completed: summary.results_num_completed_requests,
  failed: summary.results_number_errors ?? null,
  requests_per_s: summary.results_num_completed_requests_per_min === undefined ? null : summary.results_num_completed_requests_per_min / 60,
  output_tokens_per_s: summary.results_mean_output_throughput_token_per_s ?? null,
});

const latencyOf = (scalars: Readonly<Record<string, unknown>>, completed: number): LatencyFigure[] =>
  Object.entries(scalars).flatMap(([key, value]) => {
    const [, metric = '', name = ''] = FIGURE.exec(key) ?? [];
    return completed === 0 || !isMetric(metric) ? [] : namedFigures(METRIC[metric], { [name]: value }, MS_PER_S, completed);
  });
