import type { LatencyFigure, RunSummary } from '#model/relation';

/** A run of which nothing is told. */
export const UNTOLD: Readonly<RunSummary> = {
  label: null,
  model: null,
  start_ms: null,
  end_ms: null,
  duration_s: null,
  requested_rate: null,
  concurrency: null,
  gpus: null,
  sent: null,
  completed: null,
  failed: null,
  input_tokens: null,
  output_tokens: null,
  requests_per_s: null,
  output_tokens_per_s: null,
  total_tokens_per_s: null,
  latency: [],
  windows: [],
  power: null,
};

type Metric = LatencyFigure['metric'];

/** A percentile that is known exactly. */
const percentileFigure = (metric: Metric, q: number, ms: number, n: number | null): LatencyFigure => ({
  metric,
  statistic: 'percentile',
  q,
  lower_ms: ms,
  upper_ms: ms,
  n,
});

/** A percentile that lies somewhere in a bucket. */
export const bucketFigure = (
  metric: Metric,
  q: number,
  [lower_ms, upper_ms]: readonly [number, number],
  n: number | null,
): LatencyFigure => ({
  ...percentileFigure(metric, q, lower_ms, n),
  upper_ms,
});

/** A mean, a standard deviation or an extreme. */
export const momentFigure = (
  metric: Metric,
  statistic: Exclude<LatencyFigure['statistic'], 'percentile'>,
  ms: number,
  n: number | null,
): LatencyFigure => ({ metric, statistic, q: null, lower_ms: ms, upper_ms: ms, n });

/** The percentiles that we work out where a file has the values themselves. */
const SHARES = [0.5, 0.9, 0.95, 0.99, 0.999];

/** Exact figures of a distribution from all of its values, percentiles by nearest rank; none for no values. */
export const figuresOf = (metric: Metric, values: readonly number[]): LatencyFigure[] => {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) return [];
  // The same nearest rank as in the reports; the small number keeps 0.07 × 100 from being counted as 8.
  const rank = (q: number) => Math.max(0, Math.ceil(q * n - 1e-9) - 1);
  return [
    momentFigure(
      metric,
      'mean',
      sorted.reduce((sum, value) => sum + value / n, 0),
      n,
    ),
    momentFigure(metric, 'min', least, n),
    ...SHARES.map(q => percentileFigure(metric, q, sorted[rank(q)] ?? most, n)),
    momentFigure(metric, 'max', most, n),
  ];
};

/** The warning for a summary of a file to which lines are added until the run ends, or is stopped. */
export const NO_END_MARK = 'The file has no end mark, so whether it holds the whole run cannot be seen.';
