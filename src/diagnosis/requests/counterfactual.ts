import { percentile } from '#core/math/percentiles';
import type { Ms } from '#core/units';
import type { CauseOrRest } from '#schema/causes';
import type { DelayBreakdown } from './delay-breakdown.ts';

/** p99 of the judged requests had some causes not been there. */
export interface Without {
  readonly lower: Ms;
  readonly upper: Ms;
}

const p99 = (times: readonly Ms[]): Ms => percentile(Float64Array.from(times).sort(), 0.99);

/**
 * What p99 would have been without some causes.
 * Upper bound: only the part of slow requests' excess that the breakdown gives to the causes is taken away.
 * Lower bound: the causes' whole delay is taken from every request, though never below what the request's work takes. The truth lies between: some of the removed time would have been needed anyway.
 */
export function withoutCauses(delays: readonly DelayBreakdown[], causes: readonly CauseOrRest[]): Without {
  const sum = (parts: ReadonlyMap<CauseOrRest, Ms>) => causes.reduce((s, c) => s + (parts.get(c) ?? 0), 0);
  const upper = p99(delays.map(b => b.request.timeMs - (b.slow ? sum(b.parts) : 0)));
  const lower = p99(delays.map(b => Math.max(Math.min(b.request.timeMs, b.expectedMs), b.request.timeMs - sum(b.full))));
  return { lower: Math.min(lower, upper), upper };
}
