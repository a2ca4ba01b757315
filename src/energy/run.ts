import type { Energy } from '#model/energy';
import { ForensicsError } from '#model/errors';
import type { RequestSeries, SummarySeries } from '#model/relation';
import type { NamedSeries } from './clocks.ts';
import type { Window } from './integrate.ts';
import { tokensOfRequests, tokensOfSummary } from './tokens.ts';

/** The result of a load test. */
export interface Run {
  readonly path: string;
  readonly series: RequestSeries | SummarySeries;
}

/**
 * The one load test among the files, if any.
 * @throws ForensicsError bad-argument
 */
export function runOf(files: readonly NamedSeries[]): Run | undefined {
  const runs = files.flatMap(({ path, series }) => (series.kind === 'requests' || series.kind === 'summary' ? [{ path, series }] : []));
  if (runs.length > 1)
    throw new ForensicsError(
      'bad-argument',
      `${runs.map(r => r.path).join(' and ')} are both results of a load test`,
      'Name the one to price: its window and its tokens count.',
    );
  return runs[0];
}

/** When the load test ran by its own file, ms on its own clock; undefined where it does not say. */
export function lifeOf({ series }: Run): Window | undefined {
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
 * Tokens of the load test in a window: of the requests that ended in it; at the load test's own rate where its requests cannot be laid over
 * the window, or are not told.
 * @param at the load test's times on the window's clock; undefined where that is not known
 */
export function tokensIn(run: Run, window: Window, at: ((t_ms: number) => number) | undefined): Energy['tokens'] {
  if (run.series.kind === 'summary') return tokensOfSummary(run.series.rows[0]);
  if (at !== undefined) {
    const ended = (t: number) => t >= window[0] && t <= window[1];
    return tokensOfRequests(run.series.rows, window[1] - window[0], r => r.finish_ms !== null && ended(at(r.finish_ms)));
  }
  const life = lifeOf(run);
  return life === undefined ? null : tokensOfRequests(run.series.rows, (life[1] - life[0]) / 1e3, () => true);
}
