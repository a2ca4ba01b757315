import type { RequestTimes } from '#input/series/request-series';
import { nsOfSeconds } from '#input/time/nanoseconds';
import { numberOf, type Span, textOf } from './schema.ts';

const FIRST = 'gen_ai.latency.time_to_first_token';
const WHOLE = 'gen_ai.latency.e2e';
const QUEUED = 'gen_ai.latency.time_in_queue';

/** Whether a span is a request of an inference server, not a part of one. */
export const isRequest = (span: Span): boolean =>
  [FIRST, WHOLE].some(key => numberOf(span, key) !== null) || textOf(span, 'gen_ai.request.id') !== undefined;

/** A span as a request; `place` from 1. Durations count from the start of the span, which is the arrival at the server. */
export const toRequest = (span: Span, place: number): RequestTimes => {
  const arrival = span.startTimeUnixNano;
  const after = (key: string) => {
    const seconds = numberOf(span, key);
    return seconds === null ? null : arrival + nsOfSeconds(seconds);
  };
  const end = span.endTimeUnixNano;
  return {
    id: textOf(span, 'gen_ai.request.id') ?? span.spanId ?? `${place}`,
    place,
    intended: null,
    arrival,
    scheduled: after(QUEUED),
    firstToken: after(FIRST),
    finish: after(WHOLE) ?? (end === undefined || end === 0n ? null : end),
    prompt_tokens: numberOf(span, 'gen_ai.usage.prompt_tokens', 'gen_ai.usage.input_tokens'),
    output_tokens: numberOf(span, 'gen_ai.usage.completion_tokens', 'gen_ai.usage.output_tokens'),
    itl_ms: null,
    status: hasFailed(span) ? 'failed' : 'ok',
  };
};

/** STATUS_CODE_ERROR of https://opentelemetry.io/docs/specs/otel/trace/api/#set-status is 2. */
const hasFailed = ({ status }: Span): boolean => status?.code === 2 || status?.code === 'STATUS_CODE_ERROR';
