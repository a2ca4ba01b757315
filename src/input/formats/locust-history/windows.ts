import { bucketOf } from '#input/formats/shared/locust';
import { bucketFigure, momentFigure } from '#input/series/latency-figures';
import { UNTOLD } from '#input/series/summary-series';
import type { LatencyFigure, RunSummary, SummaryWindow } from '#schema/relation';
import type { Entry, HistoryRow } from './row.ts';

/** CURRENT_RESPONSE_TIME_PERCENTILE_WINDOW of locust/stats.py; the file does not say if it was changed. */
export const WINDOW_S = 10;

const percentilesOf = ({ percentiles }: HistoryRow, n: number | null): LatencyFigure[] =>
  percentiles.map(({ q, ms }) => bucketFigure('e2e', q, bucketOf(ms), n));

/** How much a counter rose; null where it is not known, or ran backwards as after a reset of the statistics. */
const rise = (from: number | null | undefined, to: number | null): number | null =>
  typeof from !== 'number' || to === null || to < from ? null : to - from;

/** The seconds before each row, with the percentiles that slide over them. */
const slidingWindows = ({ rows }: Entry, origin_s: number): SummaryWindow[] => {
  const at = new Map(rows.map(row => [row.time_s, row]));
  return rows.flatMap(row => {
    const before = at.get(row.time_s - WINDOW_S);
    const requests = rise(before?.requests, row.requests);
    if (row.percentiles.length === 0) return [];
    return [
      {
        start_ms: (row.time_s - WINDOW_S - origin_s) * 1000,
        length_ms: WINDOW_S * 1000,
        tag: null,
        requests,
        failures: rise(before?.failures, row.failures),
        latency: percentilesOf(row, requests),
      },
    ];
  });
};

/** From row to row: how many requests ended, and no latency, since percentiles since the start say nothing of a part. */
const countWindows = ({ rows }: Entry, origin_s: number): SummaryWindow[] =>
  rows.slice(1).map((row, i) => {
    const before = rows[i];
    const start_s = before?.time_s ?? row.time_s;
    return {
      start_ms: (start_s - origin_s) * 1000,
      length_ms: (row.time_s - start_s) * 1000,
      tag: null,
      requests: rise(before?.requests, row.requests),
      failures: rise(before?.failures, row.failures),
      latency: [],
    };
  });

/** What the history tells of one kind of request. `sliding`: whether its percentiles are those of the last seconds. */
export const summaryOf = (entry: Entry, origin_s: number, sliding: boolean): RunSummary => {
  const last = entry.rows.at(-1);
  const users = entry.rows.map(row => row.users).filter(count => count !== null);
  const total = last?.requests ?? null;
  return {
    ...UNTOLD,
    label: entry.name,
    start_ms: ((entry.rows[0]?.time_s ?? origin_s) - origin_s) * 1000,
    end_ms: ((last?.time_s ?? origin_s) - origin_s) * 1000,
    concurrency: users.length === 0 ? null : users.reduce((most, count) => Math.max(most, count)),
    completed: total === null || last?.failures == null ? null : Math.max(0, total - last.failures),
    failed: last?.failures ?? null,
    latency: last === undefined || total === 0 ? [] : wholeRun(last, sliding, total),
    windows: sliding ? slidingWindows(entry, origin_s) : countWindows(entry, origin_s),
  };
};

const wholeRun = (last: HistoryRow, sliding: boolean, n: number | null): LatencyFigure[] => [
  ...(last.mean === null ? [] : [momentFigure('e2e', 'mean', last.mean, n)]),
  ...(last.min === null ? [] : [momentFigure('e2e', 'min', last.min, n)]),
  ...(last.max === null ? [] : [momentFigure('e2e', 'max', last.max, n)]),
  ...(sliding ? (last.median === null ? [] : [bucketFigure('e2e', 0.5, bucketOf(last.median), n)]) : percentilesOf(last, n)),
];
