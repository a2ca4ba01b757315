import { servingFigures } from '#input/formats/shared/serving-figures';
import { namedFigures } from '#input/series/latency-figures';
import { UNTOLD } from '#input/series/summary-series';
import type { LatencyFigure, RunSummary } from '#schema/relation';
import type { Agentic, Flat } from './schema.ts';

const MS_PER_S = 1000;
/** What the nested layout calls latencies; intvty is one over the time per output token, and itl there the same as tpot. */
const METRIC = { e2el: 'e2e', ttft: 'ttft', tpot: 'tpot' } as const;

/** How many GPUs served: tensor by pipeline parallel, on one node with prefill and decode together; null where that is not all. */
export const gpusOf = ({ tp, pp, is_multinode, disagg }: Flat | Agentic): number | null =>
  typeof tp !== 'number' || tp === 0 || is_multinode === true || disagg === true ? null : tp * (pp || 1);

const setup = (run: Flat | Agentic): RunSummary => ({
  ...UNTOLD,
  label: [run.hw, run.framework, run.precision].filter(part => part).join(', ') || null,
  model: run.model ?? null,
  concurrency: run.conc ?? null,
  gpus: gpusOf(run),
});

const flatRow = (run: Flat): RunSummary => {
  const gpus = gpusOf(run);
  const ofAll = (each: number | null | undefined) => (gpus === null || typeof each !== 'number' ? null : each * gpus);
  return {
    ...setup(run),
    output_tokens_per_s: ofAll(run.output_tput_per_gpu),
    total_tokens_per_s: ofAll(run.tput_per_gpu),
    latency: servingFigures(run, undefined),
  };
};

const agenticRow = (run: Agentic): RunSummary => {
  const { latency, throughput } = run.request_metrics;
  const completed = run.num_requests_successful;
  return {
    ...setup(run),
    duration_s: throughput?.duration_seconds ?? null,
    completed,
    failed: run.request_accounting?.records_error_dropped ?? null,
    output_tokens_per_s: throughput?.output?.tokens_per_second ?? null,
    total_tokens_per_s: throughput?.total?.tokens_per_second ?? null,
    latency: Object.entries(METRIC).flatMap(([name, metric]): LatencyFigure[] =>
      completed === 0 ? [] : namedFigures(metric, latency[name] ?? {}, MS_PER_S, metric === 'tpot' ? null : completed),
    ),
  };
};

const isAgentic = (run: Flat | Agentic): run is Agentic => 'num_requests_successful' in run;

export const rowOf = (run: Flat | Agentic): RunSummary => (isAgentic(run) ? agenticRow(run) : flatRow(run));

/** Numbers of the file that no field of a run holds. */
export const unreadOf = (run: Flat | Agentic): string[] =>
  isAgentic(run)
    ? ['request_metrics.qps', 'request_metrics.tokens', 'request_metrics.cache', 'server_metrics']
    : Object.keys(run).filter(key => /_intvty$|^input_tput_per_gpu$/.test(key));
