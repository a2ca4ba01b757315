import { significant } from '#core/math/round';
import type { Seconds } from '#core/units';
import { dateUnit, type ExactNs, nsOfSeconds } from '#input/time/nanoseconds';
import type { Clock } from '#schema/relation';
import type { Detail } from './columns.ts';
import { endToEnd } from './durations.ts';
import type { Run } from './fields.ts';

interface Anchored {
  readonly clock: Clock;
  /** Stamp of a start time, in ns of the clock. */
  ns(start: Seconds): ExactNs;
  readonly limits: readonly string[];
}

const MONOTONIC_LIMIT =
  'Start times are CLOCK_MONOTONIC of the host that ran the test (time.perf_counter): they meet a trace only with a pair of clock readings of the same boot, or by matching events.';

/** Whether the fork of InferenceX, or another, wrote starts as seconds since 1970. */
const isEpoch = (start: Seconds): boolean => dateUnit(start) === 'seconds';

/**
 * On which clock the start times are. `benchmark_start_time_unix` (the fork of InferenceX) is read where the test begins, so the first
 * request is sent no earlier, and later by at most the time that the test lasted longer than its requests: that is the error given.
 */
export const anchor = (run: Run, details: readonly Detail[]): Anchored => {
  const sent = details.flatMap(detail => (detail.start === undefined || detail.start === 0 ? [] : [{ start: detail.start, detail }]));
  const first = sent.reduce((min, { start }) => Math.min(min, start), Number.POSITIVE_INFINITY);
  if (isEpoch(first)) return { clock: { kind: 'epoch', uncertainty_ms: 0 }, ns: nsOfSeconds, limits: [] };
  const { benchmark_start_time_unix: begun, benchmark_end_time_unix: ended } = run;
  if (begun === undefined || !isEpoch(begun))
    return { clock: { kind: 'monotonic', uncertainty_ms: 0 }, ns: nsOfSeconds, limits: [MONOTONIC_LIMIT] };
  const last = sent.reduce((max, { start, detail }) => Math.max(max, start + (endToEnd(detail) ?? 0)), first);
  const lasted = ended === undefined ? (run.duration ?? 0) : ended - begun;
  const slack_ms = Math.abs(lasted - (last - first)) * 1000;
  const offset = nsOfSeconds(begun) - nsOfSeconds(first);
  return {
    clock: { kind: 'epoch', uncertainty_ms: slack_ms },
    ns: start => nsOfSeconds(start) + offset,
    limits: [
      `Start times are placed by benchmark_start_time_unix, to ${significant(slack_ms, 2)} ms: the first request is taken to be sent at that moment.`,
    ],
  };
};
