import type { CauseOrRest } from '#model/causes';
import type { RequestBook } from './books.ts';
import { percentile } from './percentiles.ts';

/** p99 of the judged requests had a cause not been there, ms. */
export interface Without {
  readonly lower: number;
  readonly upper: number;
}

const p99 = (times: readonly number[]) => percentile(Float64Array.from(times).sort(), 0.99);

/** Time that a wait behind an incident of the cause adds: a removed stall also shortens the queue that it made. */
function knockOn(book: RequestBook, cause: CauseOrRest): number {
  if (cause === 'queueing') return 0;
  const touched = [...book.byIncident.values()].some(parts => (parts.get(cause) ?? 0) > 0);
  return touched ? (book.parts.get('queueing') ?? 0) : 0;
}

/**
 * What p99 would have been without a cause.
 * Upper bound: only the part of slow requests' excess that the books give to the cause is taken away.
 * Lower bound: the cause's whole delay is taken from every request, with the queueing that followed it, though never below what the
 * request's work takes. The truth lies between: some of the removed time would have been needed anyway.
 */
export function withoutCause(books: readonly RequestBook[], cause: CauseOrRest): Without {
  const upper = p99(books.map(b => b.request.time - (b.slow ? (b.parts.get(cause) ?? 0) : 0)));
  const lower = p99(
    books.map(b => {
      const removed = (b.full.get(cause) ?? 0) + knockOn(b, cause);
      return Math.max(Math.min(b.request.time, b.expected), b.request.time - removed);
    }),
  );
  return { lower: Math.min(lower, upper), upper };
}
