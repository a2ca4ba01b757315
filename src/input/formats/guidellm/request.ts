import type { RequestTimes } from '#input/series/request-series';
import type { WarningCounter } from '#input/text/warning-counter';
import { nsOfSeconds } from '#input/time/nanoseconds';
import type { Stats, TextResponse } from './schema.ts';

/** The three lists of a report, and what their requests are here. */
export const STATUS = { successful: 'ok', errored: 'failed', incomplete: 'unfinished' } as const;
export const isStatus = (list: unknown): list is keyof typeof STATUS => typeof list === 'string' && Object.hasOwn(STATUS, list);

type Stamps = Readonly<Record<'targeted' | 'start' | 'first' | 'end', number | null | undefined>>;

/** The same stamps by the names of each version. */
const stampsOf = (request: Stats | TextResponse): Stamps => {
  if ('scheduler_info' in request) {
    const { start_time, end_time, first_token_time, scheduler_info } = request;
    const { targeted_start_time, request_start, request_end } = scheduler_info;
    return { targeted: targeted_start_time, start: start_time ?? request_start, first: first_token_time, end: end_time ?? request_end };
  }
  const { targeted_start, request_start, resolve_start, first_token_iteration, request_end, resolve_end } = request.info.timings;
  return { targeted: targeted_start, start: request_start ?? resolve_start, first: first_token_iteration, end: request_end ?? resolve_end };
};

/** Undefined for a request that was never sent, which is noted in `counter`. */
export const toRequest = (
  request: Stats | TextResponse,
  list: keyof typeof STATUS,
  scheduled: boolean,
  place: number,
  counter: WarningCounter,
): RequestTimes | undefined => {
  const { targeted, start, first, end } = stampsOf(request);
  const ns = (seconds: number | null | undefined) => (typeof seconds === 'number' ? nsOfSeconds(seconds) : null);
  const arrival = ns(start);
  if (arrival === null) {
    counter.note('it was never sent, so it was left out', place);
    return undefined;
  }
  return {
    id: request.request_id ?? null,
    place,
    intended: scheduled ? ns(targeted) : null,
    arrival,
    scheduled: null,
    firstToken: ns(first),
    finish: ns(end),
    prompt_tokens: request.prompt_tokens ?? null,
    output_tokens: request.output_tokens ?? null,
    itl_ms: null,
    status: STATUS[list],
  };
};
