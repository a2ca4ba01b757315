import { valueAt } from '#core/columns';
import { percentile } from '#core/math/percentiles';
import type { Ms, Share } from '#core/units';
import type { Overhead } from '#schema/recording';
import type { RequestSeries } from '#schema/relation';

/** Requests of one run, and the window of them that counts: times of the series' own. */
export interface MeasuredRun {
  readonly series: RequestSeries;
  readonly from: Ms;
  readonly to: Ms;
}

/** One value for each request, in the order of arrival. */
type Values = readonly number[];

/** What is compared between two runs, in the unit that `unit` names. */
interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly values: (run: MeasuredRun) => Values;
  readonly statistic: (values: Values) => number;
  /** Fewest values for an interval. */
  readonly least: number;
}

const ascending = (values: Values): Float64Array => Float64Array.from(values).sort();
const p50 = (values: Values) => percentile(ascending(values), 0.5);
const p99 = (values: Values) => percentile(ascending(values), 0.99);
const sum = (values: Values) => values.reduce((a, b) => a + b, 0);

/** Fewer requests than this make no stable median. */
const LEAST_FOR_MEDIAN = 30;
/** A p99 wants a handful of requests beyond it: five in 500. */
const LEAST_FOR_P99 = 500;
const RESAMPLES = 2000;
/** Length of the bins that throughput is counted in. */
const BIN_MS = 1000;
const LEAST_BINS = 10;

const inside = ({ series, from, to }: MeasuredRun) =>
  series.rows
    .filter(r => r.status === 'ok' && r.finish_ms !== null && r.arrival_ms >= from && r.arrival_ms < to)
    .sort((a, b) => a.arrival_ms - b.arrival_ms);
const latency = (run: MeasuredRun) => inside(run).map(r => (r.finish_ms ?? Number.NaN) - r.arrival_ms);
const firstToken = (run: MeasuredRun) => inside(run).flatMap(r => (r.first_token_ms === null ? [] : [r.first_token_ms - r.arrival_ms]));

/** Requests that finished in each second of the window. */
function finishedPerBin({ series, from, to }: MeasuredRun, weight: (row: RequestSeries['rows'][number]) => number): number[] {
  const bins = Array.from({ length: Math.floor((to - from) / BIN_MS) }, () => 0);
  for (const row of series.rows) {
    const bin = row.finish_ms === null || row.status !== 'ok' ? -1 : Math.floor((row.finish_ms - from) / BIN_MS);
    if (bin >= 0 && bin < bins.length) bins[bin] = valueAt(bins, bin) + weight(row);
  }
  return bins;
}
const rate = (values: Values) => sum(values) / Math.max(1, values.length) / (BIN_MS / 1000);

const METRICS: readonly Metric[] = [
  { name: 'end-to-end p50', unit: 'ms', values: latency, statistic: p50, least: LEAST_FOR_MEDIAN },
  { name: 'end-to-end p99', unit: 'ms', values: latency, statistic: p99, least: LEAST_FOR_P99 },
  { name: 'time to first token p50', unit: 'ms', values: firstToken, statistic: p50, least: LEAST_FOR_MEDIAN },
  { name: 'requests finished', unit: '1/s', values: run => finishedPerBin(run, () => 1), statistic: rate, least: LEAST_BINS },
  {
    name: 'tokens generated',
    unit: '1/s',
    values: run => finishedPerBin(run, r => r.output_tokens ?? 0),
    statistic: rate,
    least: LEAST_BINS,
  },
];

/** A small generator (mulberry32, public domain): the same requests give the same interval. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Blocks of neighbours, drawn with replacement (moving-block bootstrap, Künsch 1989): requests that follow each other wait together. */
function resample(values: Values, random: () => number): number[] {
  const length = Math.max(1, Math.ceil(values.length ** (1 / 3)));
  const out: number[] = [];
  while (out.length < values.length) {
    const at = Math.floor(random() * (values.length - length + 1));
    out.push(...values.slice(at, at + length));
  }
  return out.slice(0, values.length);
}

/** The 95 % interval of the relative change of a metric; null where there are too few values. */
function intervalOf(metric: Metric, control: Values, recorded: Values): [Share, Share] | null {
  if (Math.min(control.length, recorded.length) < metric.least) return null;
  const random = generator(20260701);
  const changes = Float64Array.from({ length: RESAMPLES }, () => {
    const base = metric.statistic(resample(control, random));
    return (metric.statistic(resample(recorded, random)) - base) / base;
  }).sort();
  const [low, high] = [percentile(changes, 0.025), percentile(changes, 0.975)];
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null;
}

/**
 * What the profiler costs: latency and throughput of the same workload with and without it, and the change with its 95 % interval.
 * The interval covers the scatter of requests within the two runs; it cannot cover what else differs between one start of a
 * workload and the next.
 */
export function overheadOf(control: MeasuredRun, recorded: MeasuredRun): Overhead[] {
  return METRICS.flatMap(metric => {
    const [before, after] = [metric.values(control), metric.values(recorded)];
    const [base, value] = [metric.statistic(before), metric.statistic(after)];
    if (before.length === 0 || after.length === 0 || !Number.isFinite(base) || base === 0) return [];
    return [
      {
        metric: metric.name,
        unit: metric.unit,
        control: base,
        recorded: value,
        change: (value - base) / base,
        change_ci: intervalOf(metric, before, after),
      },
    ];
  });
}
