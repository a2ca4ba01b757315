// Format: results of ch16/inference_server_load_test.py (https://github.com/cfregly/ai-performance-engineering) and, under other names, those
// that docs/8xb200_load_testing_guide.md describes ("Key metrics in load_test_results.json"). One summary a file.
import { z } from 'zod';
import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { ALL_FAILED, NO_STARTS, summarySeries, UNTOLD } from '#input/series/summary-series';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { LatencyFigure, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'brief-load-test';
const HINT = 'Give the file as inference_server_load_test.py --output-json wrote it.';
const Amount = z.number().nonnegative().nullish();
const Count = z.int().nonnegative().nullish();
const Results = z.object({
  elapsed: Amount,
  total_requests: Count,
  completed_requests: z.int().nonnegative(),
  rejected_requests: Count,
  tokens_generated: Count,
  throughput_tok_per_s: Amount,
  tokens_per_sec: Amount,
  actual_qps: Amount,
  latency_p50_ms: Amount,
  latency_p90_ms: Amount,
  latency_p95_ms: Amount,
  latency_p99_ms: Amount,
  samples_collected: Count,
});
type Results = z.infer<typeof Results>;

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'inference_server_load_test.py (JSON)',
  extensions: ['.json'],
  sniff: head =>
    /"latency_p99_ms"\s*:/.test(head) &&
    /"completed_requests"\s*:/.test(head) &&
    /"(?:throughput_tok_per_s|tokens_per_sec)"\s*:/.test(head),
  parse: (text, source): SummarySeries => {
    const results = validate(Results, smallJson(text, source, HINT), { source }, HINT);
    const n = results.samples_collected ?? null;
    const none = (n ?? results.completed_requests) === 0;
    return summarySeries({
      format: ID,
      rows: [
        {
          ...UNTOLD,
          duration_s: results.elapsed ?? null,
          sent: results.total_requests ?? null,
          completed: results.completed_requests,
          failed: results.rejected_requests ?? null,
          output_tokens: results.tokens_generated ?? null,
          requests_per_s: results.actual_qps ?? null,
          output_tokens_per_s: results.throughput_tok_per_s ?? results.tokens_per_sec ?? null,
          latency: none ? [] : latencyOf(results, n),
        },
      ],
      limits: [NO_STARTS, ...(none ? [ALL_FAILED] : fewRequests(n)), ...OF_THE_SCRIPT],
      warnings: [],
    });
  },
});

const latencyOf = (results: Results, n: number | null): LatencyFigure[] => {
  const { latency_p50_ms: p50, latency_p90_ms: p90, latency_p95_ms: p95, latency_p99_ms: p99 } = results;
  return namedFigures('e2e', { p50, p90, p95, p99 }, 1, n);
};

/** What the script does (run_load_test and aggregate_results), and its numbers do not show. */
const OF_THE_SCRIPT: readonly string[] = [
  'Its script adds up the counts of all ranks although each rank serves the same requests: with 8 GPUs, requests, tokens and tokens per second may be 8 times the truth. The file does not say how many ranks there were.',
  'Its script makes requests between two steps of the engine, one interval of the rate a step: while a step is slow fewer are sent, so the rate asked for is not reached and percentiles are lower bounds.',
  'Requests that were still running at the end are in no latency. Percentiles are interpolated between two requests (numpy), so they may be values that no request had.',
];
