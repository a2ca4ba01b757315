import type { Ms } from '#core/units';
import { type Hit, isSuccess } from '#input/series/http-hits';
import { DAY_NS } from '#input/time/nanoseconds';

/** Nobody waits longer for a request than a day; what is longer is no duration in milliseconds. */
const LONGEST_MS = Number(DAY_NS) / 1e6;

export const isDuration = (ms: Ms): boolean => ms >= 0 && ms <= LONGEST_MS;

interface Tags {
  readonly expected_response?: string | undefined;
  readonly status?: string | undefined;
  readonly error_code?: string | undefined;
}

/**
 * The request behind a point of http_req_duration. A point is stamped when the request has ended (k6, lib/netext/httpext/tracer.go,
 * `EndTime`), and the duration is sending + waiting + receiving, so what is found is the moment when sending began.
 */
export const hitOf = (line: number, end_ns: bigint, duration_ms: number, tags: Tags): Hit => ({
  line,
  start_ns: end_ns - BigInt(Math.round(duration_ms * 1e6)),
  end_ns,
  ok: isOk(tags),
  name: '',
});

/** expected_response is k6's own judgement; without that tag the status decides. 0 is a request without an answer. */
const isOk = ({ expected_response, status, error_code }: Tags): boolean => {
  if (expected_response) return expected_response === 'true';
  if (status) return isSuccess(Number(status));
  return !error_code;
};

/** What points of http_req_duration cannot support. */
export const K6_LIMITS: readonly string[] = [
  'A request begins here when it is sent: waiting for a free connection, connecting and TLS (http_req_blocked, …_connecting, …_tls_handshaking) come before and are not in the latency.',
  'k6 does not write when a request was meant to be sent: where virtual users were missing (dropped_iterations), latencies are lower bounds.',
];

export const NO_K6_REQUESTS = 'Give the output of a k6 test with HTTP requests, as k6 run --out json=… or --out csv=… writes it.';
