import type { Ms } from '#core/units';

/** Half a step of the rounding that Locust does before it counts a response time (locust/stats.py, StatsEntry). */
const halfStep = (ms: Ms): Ms => (ms < 100 ? 0.5 : ms < 1000 ? 5 : ms < 10_000 ? 50 : 500);

/** Between which values a response time lay that Locust counted as `ms`. */
export const bucketOf = (ms: Ms): readonly [Ms, Ms] => [Math.max(0, ms - halfStep(ms - 1)), ms + halfStep(ms)];

/** What the rounding, and the closed loop of its users, cannot support. */
export const LOCUST_LIMITS: readonly string[] = [
  'Locust rounds response times to two digits before it counts them (1 ms below 100 ms, 10 ms below 1 s): a percentile is only known to lie in a bucket.',
  'Users wait for an answer before they send again (closed loop): while the server stalls nothing is sent, so percentiles are lower bounds.',
];
