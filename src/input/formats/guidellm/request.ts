import type { RequestTimes } from '#input/series/request-series';
import type { WarningCounter } from '#input/text/warning-counter';
import { nsOfSeconds } from '#input/time/nanoseconds';
import type { GuidellmRequest } from './schema.ts';

/** The three lists of a report, and what their requests are here. */
export const STATUS = { successful: 'ok', errored: 'failed', incomplete: 'unfinished' } as const;
export const isStatus = (list: unknown): list is keyof typeof STATUS => typeof list === 'string' && Object.hasOwn(STATUS, list);

/** Undefined for a request that was never sent, which is noted in `counter`. */
export const toRequest = (
  request: GuidellmRequest,
  list: keyof typeof STATUS,
  scheduled: boolean,
  place: number,
  counter: WarningCounter,
): RequestTimes | undefined => {
  const { timings } = request.info;
  const ns = (seconds: number | null | undefined) => (typeof seconds === 'number' ? nsOfSeconds(seconds) : null);
  const arrival = ns(timings.request_start ?? timings.resolve_start);
  if (arrival === null) {
    counter.note('it was never sent, so it was left out', place);
    return undefined;
  }
  return {
    id: request.request_id,
    place,
    intended: scheduled ? ns(timings.targeted_start) : null,
    arrival,
    scheduled: null,
    firstToken: ns(timings.first_token_iteration),
    finish: ns(timings.request_end ?? timings.resolve_end),
    prompt_tokens: request.prompt_tokens ?? null,
    output_tokens: request.output_tokens ?? null,
    itl_ms: null,
    status: STATUS[list],
  };
};
