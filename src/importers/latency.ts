import type { LatencyFigure } from '#model/relation';

export type LatencyMetric = LatencyFigure['metric'];

/** Below this many values the smallest rank that a p99 can have is the last one: it is the maximum. */
const P99_NEEDS = 100;
type Statistic = Exclude<LatencyFigure['statistic'], 'percentile'>;
/** What tools call the statistics; `median` is p50. */
const STATISTICS: Readonly<Record<string, Statistic>> = {
  mean: 'mean',
  avg: 'mean',
  average: 'mean',
  std: 'std',
  stddev: 'std',
  std_dev: 'std',
  min: 'min',
  max: 'max',
};

/**
 * The share that the name of a percentile stands for: p99 and 99 are 0.99, p99.9 and p999 are 0.999, median is 0.5.
 * undefined for any other name. Read as decimal digits, so that p99.9 is 0.999 and not 0.9990000000000001.
 */
export const percentileNamed = (name: string): number | undefined => {
  if (name === 'median') return 0.5;
  const [, whole = '', fraction = ''] = /^[pP]?(\d{1,6})(?:\.(\d{1,6}))?$/.exec(name) ?? [];
  if (whole === '') return undefined;
  if (whole === '100' || whole.length <= 2) {
    const q = Number(`${whole}.${fraction}e-2`);
    return q <= 1 ? q : undefined;
  }
  return fraction === '' ? Number(`0.${whole}`) : undefined;
};

/** One figure whose value is known. `ms` in milliseconds. */
export const figureOf = (metric: LatencyMetric, name: string, ms: number, n: number | null): LatencyFigure | undefined => {
  const statistic = Object.hasOwn(STATISTICS, name) ? STATISTICS[name] : undefined;
  const q = statistic === undefined ? percentileNamed(name) : null;
  if (q === undefined || !Number.isFinite(ms)) return undefined;
  return { metric, statistic: statistic ?? 'percentile', q, lower_ms: ms, upper_ms: ms, n };
};

/**
 * Figures that a tool worked out, by the names it gave them: { mean, median, p99, … }. What is no number, or no name of a
 * statistic, is left out. `scale` is how many milliseconds one unit of the values has.
 */
export const namedFigures = (
  metric: LatencyMetric,
  values: Readonly<Record<string, unknown>>,
  scale: number,
  n: number | null,
): LatencyFigure[] =>
  Object.entries(values).flatMap(([name, value]) => {
    const figure = typeof value === 'number' ? figureOf(metric, name, value * scale, n) : undefined;
    return figure === undefined ? [] : [figure];
  });

/** The limit that goes with percentiles of few requests. */
export const fewRequests = (n: number | null): string[] =>
  n === null || n === 0 || n >= P99_NEEDS
    ? []
    : [`With ${n} ${n === 1 ? 'request' : 'requests'}, p99 is the maximum, and says nothing of its own.`];
