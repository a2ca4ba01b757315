import { percentile } from '#core/math/percentiles';
import type { LatencyFigure } from '#schema/relation';

type Metric = LatencyFigure['metric'];
type Moment = Exclude<LatencyFigure['statistic'], 'percentile'>;

/** What tools call the statistics; `median` is p50. */
const MOMENTS: Readonly<Record<string, Moment>> = {
  mean: 'mean',
  avg: 'mean',
  average: 'mean',
  std: 'std',
  stddev: 'std',
  std_dev: 'std',
  min: 'min',
  max: 'max',
};

/** How many values a figure rests on; what no one can have counted is not known. */
const counted = (n: number | null): number | null => (n !== null && Number.isSafeInteger(n) && n >= 0 ? n : null);

/** A mean, a standard deviation or an extreme. `n` is how many values it is of, null where the file does not say. */
export const momentFigure = (metric: Metric, statistic: Moment, ms: number, n: number | null): LatencyFigure => ({
  metric,
  statistic,
  q: null,
  lower_ms: ms,
  upper_ms: ms,
  n: counted(n),
});

/** A percentile that lies somewhere in a bucket, whose upper edge may be open; where both edges are one, it is exact. */
export const bucketFigure = (
  metric: Metric,
  q: number,
  [lower_ms, upper_ms]: readonly [number, number | null],
  n: number | null,
): LatencyFigure => ({
  ...{ metric, statistic: 'percentile', q, lower_ms, upper_ms },
  n: counted(n),
});

/** The percentiles that we work out where a file has the values themselves. */
export const SHARES = [0.5, 0.9, 0.95, 0.99, 0.999] as const;

/** Exact figures of a distribution from all of its values, percentiles by nearest rank as in the reports; none for no values. */
export const figuresOf = (metric: Metric, values: readonly number[]): LatencyFigure[] => {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) return [];
  const mean = sorted.reduce((sum, value) => sum + value / n, 0);
  return [
    momentFigure(metric, 'mean', mean, n),
    momentFigure(metric, 'min', least, n),
    ...SHARES.map(q => bucketFigure(metric, q, [percentile(sorted, q), percentile(sorted, q)], n)),
    momentFigure(metric, 'max', most, n),
  ];
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

/**
 * One figure that a tool worked out, by the name it gave it; undefined for what is no name of a statistic, and for no number.
 * One that is larger than can be held is infinite, and is refused with its series.
 */
export const namedFigure = (metric: Metric, name: string, ms: number, n: number | null): LatencyFigure | undefined => {
  if (Number.isNaN(ms)) return undefined;
  const moment = Object.hasOwn(MOMENTS, name) ? MOMENTS[name] : undefined;
  if (moment !== undefined) return momentFigure(metric, moment, ms, n);
  const q = percentileNamed(name);
  return q === undefined ? undefined : bucketFigure(metric, q, [ms, ms], n);
};

/**
 * Figures that a tool worked out, by the names it gave them: { mean, median, p99, … }. What is no number, or no name of a
 * statistic, is left out. `scale` is how many milliseconds one unit of the values has.
 */
export const namedFigures = (metric: Metric, values: Readonly<Record<string, unknown>>, scale: number, n: number | null): LatencyFigure[] =>
  Object.entries(values).flatMap(([name, value]) => {
    const figure = typeof value === 'number' ? namedFigure(metric, name, value * scale, n) : undefined;
    return figure === undefined ? [] : [figure];
  });

/** Below this many values the smallest rank that a p99 can have is the last one: it is the maximum. */
const P99_NEEDS = 100;

/** The limit that goes with percentiles of few requests. */
export const fewRequests = (n: number | null): string[] =>
  n === null || n === 0 || n >= P99_NEEDS
    ? []
    : [`With ${n} ${n === 1 ? 'request' : 'requests'}, p99 is the maximum, and says nothing of its own.`];
