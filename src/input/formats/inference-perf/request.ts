import type { RequestTimes } from '#input/series/request-series';
import { msSince, nsOfSeconds } from '#input/time/nanoseconds';
import type { LifecycleRequest } from './schema.ts';

/** One record as a request; `index` from 0. */
export const toRequest = (record: LifecycleRequest, index: number): RequestTimes => {
  const { info, error, scheduled_time } = record;
  const response = info?.response_metrics ?? info;
  const tokens = (response?.output_token_times ?? response?.chunk_times ?? []).map(nsOfSeconds);
  const [first = null] = tokens;
  return {
    id: `${index}`,
    place: index + 1,
    intended: typeof scheduled_time === 'number' ? nsOfSeconds(scheduled_time) : null,
    arrival: nsOfSeconds(record.start_time),
    scheduled: null,
    firstToken: first,
    finish: nsOfSeconds(record.end_time),
    prompt_tokens: info?.input_tokens ?? null,
    output_tokens: response?.output_tokens ?? null,
    itl_ms: rising(tokens) ? Float32Array.from(tokens.slice(1), (ns, i) => msSince(tokens[i] ?? ns, ns)) : null,
    status: error === null || error === undefined ? 'ok' : 'failed',
  };
};

/** Stamps out of order give no times between tokens; none or one gives none either. */
const rising = (stamps: readonly bigint[]): boolean => stamps.length > 1 && stamps.every((ns, i) => i === 0 || ns >= (stamps[i - 1] ?? ns));
