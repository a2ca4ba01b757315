// Format: https://github.com/NVIDIA/TensorRT-LLM/tree/main/tensorrt_llm/bench (trtllm-bench throughput|latency --report_json); seen: 0.17 to 1.0.

import { z } from 'zod';
import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_STARTS, notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { LatencyFigure, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'trtllm-bench';
const HINT = 'Give the file as trtllm-bench --report_json wrote it.';
const IN_PROCESS = 'trtllm-bench drives the engine in its own process: there is no server and no network in its latencies.';
const MEASURED_CONCURRENCY = 'The number of concurrent requests in the file is a measured mean, not what was allowed, so it was left out.';

const amount = z.number().nonnegative().nullish();
const Percentiles = z.record(z.string(), z.number().nonnegative().nullish()).nullish();
const Report = z.object({
  engine: z.object({ model: z.string().nullish(), backend: z.string().nullish(), version: z.string().nullish() }).nullish(),
  world_info: z.object({ world_size: amount, tp_size: amount, pp_size: amount }).nullish(),
  request_info: z.object({ num_requests: z.int().nonnegative(), avg_num_concurrent_requests: amount }),
  performance: z.looseObject({
    total_latency_ms: amount,
    avg_request_latency_ms: amount,
    request_throughput_req_s: amount,
    system_output_throughput_tok_s: amount,
    system_total_throughput_tok_s: amount,
    request_latency_percentiles_ms: Percentiles,
  }),
  streaming_metrics: z
    .looseObject({ avg_ttft_ms: amount, avg_tpot_ms: amount, ttft_percentiles: Percentiles, tpot_percentiles: Percentiles })
    .nullish(),
});
type Report = z.infer<typeof Report>;

const READ = new Set([
  ...['total_latency_ms', 'avg_request_latency_ms', 'request_throughput_req_s', 'system_output_throughput_tok_s'],
  ...[
    'system_total_throughput_tok_s',
    'request_latency_percentiles_ms',
    'avg_ttft_ms',
    'avg_tpot_ms',
    'ttft_percentiles',
    'tpot_percentiles',
  ],
]);

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'trtllm-bench report (JSON)',
  extensions: ['.json'],
  keys: ['engine', 'performance', 'request_info', 'streaming_metrics', 'world_info'],
  sniff: head =>
    /^\ufeff?\s*\{/.test(head) && head.includes('"request_throughput_req_s"') && head.includes('"system_output_throughput_tok_s"'),
  parse: (text, source): SummarySeries => {
    const report = validate(Report, smallJson(text, source, HINT), { source }, HINT);
    const { engine, world_info, request_info, performance, streaming_metrics } = report;
    const n = request_info.num_requests;
    const unread = [...Object.keys(performance), ...Object.keys(streaming_metrics ?? {})].filter(name => !READ.has(name));
    return summarySeries({
      format: ID,
      rows: [
        {
          ...UNTOLD,
          label: engine?.backend ?? null,
          model: engine?.model ?? null,
          gpus: world_info?.world_size ?? null,
          duration_s: typeof performance.total_latency_ms === 'number' ? performance.total_latency_ms / 1000 : null,
          completed: n,
          requests_per_s: performance.request_throughput_req_s ?? null,
          output_tokens_per_s: performance.system_output_throughput_tok_s ?? null,
          total_tokens_per_s: performance.system_total_throughput_tok_s ?? null,
          latency: n === 0 ? [] : latencyOf(report, n),
        },
      ],
      limits: [NO_STARTS, AGGREGATES_ONLY, IN_PROCESS, MEASURED_CONCURRENCY, ...fewRequests(n), ...notRead(unread)],
      warnings: [],
    });
  },
});

/** p50, p99, minimum, maximum, average; the mean also stands by itself. */
const latencyOf = ({ performance, streaming_metrics: streaming }: Report, n: number): LatencyFigure[] => {
  const figures = (metric: LatencyFigure['metric'], mean: number | null | undefined, of: z.infer<typeof Percentiles>) => {
    const { minimum: min, maximum: max, average, ...percentiles } = of ?? {};
    return namedFigures(metric, { mean: mean ?? average, min, max, ...percentiles }, 1, n);
  };
  return [
    ...figures('e2e', performance.avg_request_latency_ms, performance.request_latency_percentiles_ms),
    ...figures('ttft', streaming?.avg_ttft_ms, streaming?.ttft_percentiles),
    ...figures('tpot', streaming?.avg_tpot_ms, streaming?.tpot_percentiles),
  ];
};
