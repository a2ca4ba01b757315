import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, ALL_FAILED, NO_STARTS, UNTOLD } from '#input/series/summary-series';
import type { LatencyFigure, RunSummary } from '#schema/relation';
import type { StageReport } from './schema.ts';

type Statistics = StageReport['successes']['request_latency'];
const INTERPOLATED =
  'The percentiles are worked out by Prometheus inside the buckets of histograms, so they are no measured values and were left out.';
const REQUESTED_LATE = 'schedule_delay is how much later than intended requests were sent; it is not part of the latencies.';

export interface Stage {
  readonly row: RunSummary;
  readonly limits: readonly string[];
}

/** A stage as a run. Latencies are in seconds in the file. */
export const readStage = ({ load_summary, successes, failures }: StageReport): Stage => {
  const { count, latency, throughput } = successes;
  const told = latency ?? successes;
  const fromPrometheus = latency === null || latency === undefined;
  const figures = (metric: LatencyFigure['metric'], of: Statistics, n: number | null): LatencyFigure[] =>
    count === 0 || !of ? [] : namedFigures(metric, fromPrometheus ? { mean: of['mean'] } : of, 1000, n);
  const delays = figures('schedule_delay', load_summary.schedule_delay, load_summary.count ?? null);
  const row = {
    ...UNTOLD,
    requested_rate: load_summary.requested_rate ?? null,
    concurrency: load_summary.concurrency ?? null,
    sent: load_summary.count ?? null,
    completed: count,
    failed: failures.count ?? null,
    requests_per_s: throughput?.requests_per_sec ?? successes.rate ?? null,
    output_tokens_per_s: throughput?.output_tokens_per_sec ?? successes.output_len?.rate ?? null,
    total_tokens_per_s: throughput?.total_tokens_per_sec ?? null,
    latency: [
      ...figures('e2e', told.request_latency, count),
      ...figures('ttft', told.time_to_first_token, null),
      ...figures('tpot', told.time_per_output_token, null),
      ...figures('itl', told.inter_token_latency, null),
      ...delays,
    ],
  };
  const about = fromPrometheus ? [INTERPOLATED] : count === 0 ? [ALL_FAILED] : fewRequests(count);
  return { row, limits: [NO_STARTS, AGGREGATES_ONLY, ...about, ...(delays.length > 0 ? [REQUESTED_LATE] : [])] };
};
