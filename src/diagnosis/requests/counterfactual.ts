import { percentile } from '#core/math/percentiles';
import type { CauseOrRest } from '#schema/causes';
import type { DelayBreakdown } from './delay-breakdown.ts';

/** p99 of the judged requests had some causes not been there, ms. */
export interface Without {
  readonly lower: number;
  readonly upper: number;
}

const p99 = (times: readonly number[]) => percentile(Float64Array.from(times).sort(), 0.99);

/**
 * What p99 would have been without some causes.
 * Upper bound: only the part of slow requests' excess that the books give to the causes is taken away.
 * Lower bound: the causes' whole delay is taken from every request, though never below what the request's work takes. The truth lies between: some of the removed time would have been needed anyway.
 */
export function withoutCauses(books: readonly DelayBreakdown[], causes: readonly CauseOrRest[]): Without {
  const sum = (parts: ReadonlyMap<CauseOrRest, number>) => causes.reduce((s, c) => s + (parts.get(c) ?? 0), 0);
  const upper = p99(books.map(b => b.request.time - (b.slow ? sum(b.parts) : 0)));
  const lower = p99(books.map(b => Math.max(Math.min(b.request.time, b.expected), b.request.time - sum(b.full))));
  return { lower: Math.min(lower, upper), upper };
}
