import type { Ms, Seconds } from '#core/units';
import type { Energy } from '#schema/energy';
import type { RequestSeries, SummarySeries } from '#schema/relation';
import type { NamedSeries } from './clocks.ts';
import type { Window } from './integrate.ts';
import { tokensOfRequests, tokensOfSummary } from './tokens.ts';

/** One run of a load test. */
export interface Run {
  readonly path: string;
  /** Its number in the file, from 1, and how many the file holds. */
  readonly run: number;
  readonly of: number;
  /** Its requests, or a summary that holds this run alone. */
  readonly series: RequestSeries | SummarySeries;
}

/** The runs of load tests, in the order of the files: a log of requests is one, and so is each run of a summary. */
export const runsOf = (files: readonly NamedSeries[]): Run[] =>
  files.flatMap(({ path, series }): Run[] => {
    if (series.kind === 'requests') return [{ path, run: 1, of: 1, series }];
    if (series.kind !== 'summary') return [];
    return series.rows.map((row, i) => ({ path, run: i + 1, of: series.rows.length, series: { ...series, rows: [row] } }));
  });

/** How a message calls a run. */
export const nameOf = ({ path, run, of }: Run): string => (of === 1 ? path : `run ${run} of ${of} of ${path}`);

/** When the run began and ended by its own file, ms on its own clock; undefined where it does not say. */
export function lifeOf({ series }: Run): readonly [start: Ms, end: Ms] | undefined {
  if (series.kind === 'summary') {
    const run = series.rows[0];
    const known = series.clock.kind !== 'none' && run !== undefined;
    return known && run.start_ms !== null && run.end_ms !== null ? [run.start_ms, run.end_ms] : undefined;
  }
  const ends = series.rows.flatMap(r => r.finish_ms ?? []);
  if (series.rows.length === 0 || ends.length === 0) return undefined;
  return [series.rows.reduce((least, r) => Math.min(least, r.arrival_ms), Number.POSITIVE_INFINITY), ends.reduce((a, b) => Math.max(a, b))];
}

/**
 * Tokens of the run in a window: of the requests that ended in it; at the run's own rate where its requests cannot be laid over the window,
 * or are not told.
 * @param at the run's times on the window's clock; undefined where that is not known
 */
export function tokensIn(run: Run, window: Window, at: ((t_ms: Ms) => Seconds) | undefined): Energy['tokens'] {
  if (run.series.kind === 'summary') return tokensOfSummary(run.series.rows[0]);
  if (at !== undefined) {
    const ended = (t: Seconds) => t >= window[0] && t <= window[1];
    return tokensOfRequests(run.series.rows, window[1] - window[0], r => r.finish_ms !== null && ended(at(r.finish_ms)));
  }
  const life = lifeOf(run);
  return life === undefined ? null : tokensOfRequests(run.series.rows, (life[1] - life[0]) / 1e3, () => true);
}
