import type { WarningCounter } from '#input/text/warning-counter';
import { RELATIVE_LIMIT } from '#input/time/nanoseconds';
import type { Clock, RequestSeries } from '#schema/relation';
import { type RequestTimes, requestSeries } from './request-series.ts';

/** One request as a load generator for plain HTTP knows it: no tokens, no queue. */
export interface Hit {
  readonly line: number;
  readonly start_ns: bigint;
  readonly end_ns: bigint;
  readonly ok: boolean;
  /** The name that the file gives it; empty where it gives none. */
  readonly name: string;
}

interface Origin {
  readonly format: string;
  readonly source: string;
  readonly clock: Clock;
  readonly limits: readonly string[];
}

const NO_TOKENS =
  'This load generator knows nothing of tokens or of the queue of the server: only when a request began and ended, and whether it failed.';

/** What an open-loop load generator must write down for delay in itself to be seen. */
export const NO_SCHEDULE =
  'No intended start is recorded, so delay in the load generator itself, before a request was sent, cannot be seen: latencies are lower bounds.';

/** Whether an HTTP status says that the request was answered as asked. */
export const isSuccess = (status: number): boolean => status >= 100 && status < 400;

/**
 * Requests in the order of their start; those without a name are counted from 1 in that order.
 * @throws ForensicsError 'bad-record' where there are none
 */
export const hitSeries = (hits: readonly Hit[], { format, source, clock, limits }: Origin, counter: WarningCounter): RequestSeries => {
  const series = requestSeries(hits.map(toRequest), { format, source, clock, limits, warnings: [] }, counter);
  // One sentence says what such a tool never records, in place of one for each field.
  return { ...series, limits: [...(clock.kind === 'relative' ? [RELATIVE_LIMIT] : []), ...limits, NO_TOKENS] };
};

const toRequest = ({ line, start_ns, end_ns, ok, name }: Hit): RequestTimes => ({
  id: name === '' ? null : name,
  place: line,
  intended: null,
  arrival: start_ns,
  scheduled: null,
  firstToken: null,
  finish: end_ns,
  prompt_tokens: null,
  output_tokens: null,
  itl_ms: null,
  status: ok ? 'ok' : 'failed',
});
