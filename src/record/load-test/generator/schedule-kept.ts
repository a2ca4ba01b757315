import { ms } from '#core/format/numbers';
import { percentile } from '#core/math/percentiles';
import type { LoadStage } from '#schema/load';
import { NS_PER_MS } from './monotonic.ts';
import type { Outcome } from './outcome.ts';

type Schedule = NonNullable<LoadStage['schedule']>;

/** A generator later than this went without a processor for longer than a time slice of the kernel's scheduler (a few ms). */
const LATE_MS = 10;
/** Of what was due, so much must have been sent, or the load was another than the one asked for. */
const SENT_SHARE = 0.99;

function delay(outcomes: readonly Outcome[], of: (o: Outcome & { readonly intended: number }) => number | null): Schedule['start_delay'] {
  const ms = outcomes.flatMap(o => {
    const ns = o.intended === null ? null : of({ ...o, intended: o.intended });
    return ns === null ? [] : [ns / NS_PER_MS];
  });
  const sorted = Float64Array.from(ms).sort();
  const at = (q: number) => (sorted.length === 0 ? 0 : percentile(sorted, q));
  return { p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1) };
}

/**
 * Whether requests went out when they were meant to. The delay of the generator is its own fault; time to connect may be the server's,
 * whose queue of new connections is short, and does not count against the generator.
 * @param due how many requests were due
 */
export function scheduleKept(outcomes: readonly Outcome[], due: number): Schedule {
  const generator = delay(outcomes, o => o.released - o.intended);
  const short = outcomes.length < SENT_SHARE * due;
  const why = short
    ? `only ${outcomes.length} of ${due} requests that were due were sent`
    : generator.p99_ms > LATE_MS
      ? `requests were sent up to ${ms(generator.max_ms)} late (p99 ${ms(generator.p99_ms)})`
      : null;
  return {
    kept: why === null,
    why,
    start_delay: delay(outcomes, o => (o.sent === null ? null : o.sent - o.intended)),
    generator_delay: generator,
    connection_delay: delay(outcomes, o => (o.sent === null ? null : o.sent - o.released)),
  };
}
