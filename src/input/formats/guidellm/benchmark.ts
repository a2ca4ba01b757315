import { z } from 'zod';
import type { Ms, Seconds } from '#core/units';
import { namedFigures } from '#input/series/latency-figures';
import { UNTOLD } from '#input/series/summary-series';
import type { LatencyFigure, RunSummary } from '#schema/relation';
import { Distribution, Made, Strategy } from './schema.ts';

const seconds = z.number().nonnegative().max(1e11).nullish();
const distribution = Distribution.nullish();

/**
 * What is read of a benchmark beside its requests, by its way from there: what 0.2 and 0.3 called otherwise stands beside the name of today.
 * Durations in seconds, stamps in seconds since 1970.
 */
export const Benchmark = z.object({
  'config.strategy': Strategy.nullish(),
  'args.strategy': Strategy.nullish(),
  'worker.backend_model': z.string().nullish(),
  request_totals: Made.nullish(),
  'run_stats.requests_made': Made.nullish(),
  start_time: seconds,
  end_time: seconds,
  duration: seconds,
  'scheduler_metrics.requests_made': Made.nullish(),
  'metrics.request_latency.successful': distribution,
  'metrics.time_to_first_token_ms.successful': distribution,
  'metrics.inter_token_latency_ms.successful': distribution,
  'metrics.prompt_token_count.successful': distribution,
  'metrics.output_token_count.successful': distribution,
  'metrics.requests_per_second.successful': distribution,
  'metrics.output_tokens_per_second.successful': distribution,
  'metrics.tokens_per_second.successful': distribution,
});
export type Benchmark = z.infer<typeof Benchmark>;
export const PARTS = Object.keys(Benchmark.shape);

/** How the requests of a benchmark were sent, by either name; `part` is what was read of it so far. */
export const strategyOf = (part: Readonly<Record<string, unknown>>): Strategy | undefined =>
  Strategy.safeParse(part['config.strategy'] ?? part['args.strategy']).data;

/** Whether a strategy sends by a schedule; the others send as soon as they can, and a targeted start says nothing. */
export const hasSchedule = (strategy: Strategy | undefined): boolean =>
  strategy !== undefined && ['constant', 'poisson', 'async', 'trace', 'replay'].includes(strategy.type_);

/** A benchmark as a run; `ms` places a stamp on the clock of the series. */
export const toRun = (benchmark: Benchmark, model: string | null, ms: (seconds: Seconds) => Ms): RunSummary => {
  const place = (stamp: number | null | undefined) => (typeof stamp === 'number' ? ms(stamp) : null);
  const strategy = strategyOf(benchmark);
  const made = benchmark['scheduler_metrics.requests_made'] ?? benchmark.request_totals ?? benchmark['run_stats.requests_made'];
  return {
    ...UNTOLD,
    label: strategy === undefined ? null : [strategy.type_, strategy.rate ?? strategy.streams ?? ''].join(' ').trim(),
    model: benchmark['worker.backend_model'] ?? model,
    start_ms: place(benchmark.start_time),
    end_ms: place(benchmark.end_time),
    duration_s: benchmark.duration ?? null,
    requested_rate: strategy?.rate ?? null,
    concurrency: strategy?.streams ?? strategy?.max_concurrency ?? null,
    sent: made?.total ?? null,
    completed: made?.successful ?? null,
    failed: made?.errored ?? null,
    input_tokens: sum(benchmark['metrics.prompt_token_count.successful']),
    output_tokens: sum(benchmark['metrics.output_token_count.successful']),
    requests_per_s: mean(benchmark['metrics.requests_per_second.successful']),
    output_tokens_per_s: mean(benchmark['metrics.output_tokens_per_second.successful']),
    total_tokens_per_s: mean(benchmark['metrics.tokens_per_second.successful']),
    latency: [
      ...figures('e2e', benchmark['metrics.request_latency.successful'], 1000),
      ...figures('ttft', benchmark['metrics.time_to_first_token_ms.successful'], 1),
      // One mean for each request, weighted by its tokens: so its count is of tokens, and no number of values.
      ...figures('tpot', benchmark['metrics.inter_token_latency_ms.successful'], 1, null),
    ],
  };
};

type Maybe = Distribution | null | undefined;
const sum = (of: Maybe): number | null => (of && of.count > 0 ? of.total_sum : null);
const mean = (of: Maybe): number | null => (of && of.count > 0 ? of.mean : null);

const figures = (metric: LatencyFigure['metric'], of: Maybe, scale: number, n = of?.count ?? null): LatencyFigure[] => {
  if (!of || of.count === 0) return [];
  const { mean: average, std_dev, min, max, median, percentiles } = of;
  // From 0.4 on p50 is among the percentiles; before it stood beside them.
  const middle = median === undefined || 'p50' in percentiles ? {} : { median };
  return namedFigures(metric, { mean: average, std_dev, min, max, ...middle, ...percentiles }, scale, n);
};
