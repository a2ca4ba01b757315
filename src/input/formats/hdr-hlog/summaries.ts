import { significant } from '#core/math/round';
import { bucketFigure } from '#input/series/latency-figures';
import { UNTOLD } from '#input/series/summary-series';
import type { LatencyFigure, RunSummary, SummaryWindow } from '#schema/relation';
import type { Counts } from './decode.ts';
import { merge, momentsOf, shareOf, sizeOf } from './distribution.ts';
import type { HistogramLog, Interval } from './log.ts';
import type { Unit } from './unit.ts';

const RUN_SHARES = [0.5, 0.9, 0.95, 0.99, 0.999];
/** An interval is about a second: fewer figures keep a day of them small. */
const WINDOW_SHARES = [0.5, 0.99];

/** One run for each tag, the untagged first, with the merged histogram of all its intervals and a window for each of them. */
export const summariesOf = (log: HistogramLog, unit: Unit, startMs: (start_s: number) => number): RunSummary[] => {
  const metric = log.jHiccup ? 'schedule_delay' : 'e2e';
  const tags = [...new Set(log.intervals.map(interval => interval.tag))].sort((a, b) => Number(a !== null) - Number(b !== null));
  const figures = (counts: Counts, shares: readonly number[]) => figuresOf(metric, counts, unit.perMs, shares);
  return tags.map(tag => {
    const intervals = log.intervals.filter(interval => interval.tag === tag);
    const all = merge(intervals.map(interval => interval.counts));
    const windows = intervals.map(interval => windowOf(interval, startMs, figures(interval.counts, WINDOW_SHARES)));
    const ends = windows.map(({ start_ms, length_ms }) => start_ms + (length_ms ?? 0));
    return {
      ...UNTOLD,
      label: tag ?? log.name,
      start_ms: windows.reduce((least, window) => Math.min(least, window.start_ms), Number.POSITIVE_INFINITY),
      end_ms: ends.reduce((most, end) => Math.max(most, end), Number.NEGATIVE_INFINITY),
      completed: log.jHiccup ? null : sizeOf(all),
      latency: figures(all, RUN_SHARES),
      windows: windows.sort((a, b) => a.start_ms - b.start_ms),
    };
  });
};

const windowOf = (
  { start_s, length_s, tag, counts }: Interval,
  startMs: (start_s: number) => number,
  latency: LatencyFigure[],
): SummaryWindow => ({
  start_ms: startMs(start_s),
  length_ms: significant(length_s * 1000, 12),
  tag,
  requests: sizeOf(counts),
  failures: null,
  latency,
});

const figuresOf = (metric: LatencyFigure['metric'], counts: Counts, perMs: number, shares: readonly number[]): LatencyFigure[] => {
  const n = sizeOf(counts);
  if (n === 0) return [];
  const scaled = ([lower, upper]: readonly [number, number]) => [lower / perMs, upper / perMs] as const;
  const { mean, min, max } = momentsOf(counts);
  const moment = (statistic: 'mean' | 'min' | 'max', edges: readonly [number, number]): LatencyFigure => {
    const [lower_ms, upper_ms] = scaled(edges);
    return { metric, statistic, q: null, lower_ms, upper_ms, n };
  };
  return [
    moment('mean', mean),
    moment('min', min),
    ...shares.map(q => bucketFigure(metric, q, scaled(shareOf(counts, q)), n)),
    moment('max', max),
  ];
};
