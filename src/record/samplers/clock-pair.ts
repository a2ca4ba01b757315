import type { ClockPair } from '#schema/clock-pair';

const MS = 1_000_000n;
/** A tick seen within this is as good as it gets. */
const SHARP_NS = 3_000n;
const TRIES = 5;
/** A wall clock that does not turn for so long is no help; it may be a test's. */
const PATIENCE_NS = 100n * MS;

interface Tick {
  readonly epoch: bigint;
  readonly after: bigint;
  readonly before: bigint;
}

/** Spins until the wall clock's millisecond turns; the turn lies between two readings of the monotonic clock. */
function tick(): Tick {
  const begun = process.hrtime.bigint();
  let after = begun;
  let last = Date.now();
  for (;;) {
    const here = process.hrtime.bigint();
    const now = Date.now();
    // Any moment of this millisecond.
    if (here - begun > PATIENCE_NS) return { epoch: BigInt(now) * MS, after: here - MS, before: process.hrtime.bigint() };
    if (now === last + 1) return { epoch: BigInt(now) * MS, after, before: process.hrtime.bigint() };
    // Held up for longer than a millisecond, or the clock was set: this turn tells nothing.
    after = here;
    last = now;
  }
}

/**
 * The two clocks of this host at one moment. Node has no CLOCK_REALTIME in nanoseconds, so this spins for about a
 * millisecond until Date.now() turns. `monotonic_ns` is process.hrtime: CLOCK_MONOTONIC on Linux, which a profiler's and other
 * programs' stamps on the same machine and boot share.
 */
export function clockPair(): ClockPair {
  let best = tick();
  for (let i = 1; i < TRIES && best.before - best.after > SHARP_NS; i++) {
    const next = tick();
    if (next.before - next.after < best.before - best.after) best = next;
  }
  const half = (best.before - best.after + 1n) / 2n;
  return { epoch_ns: String(best.epoch), monotonic_ns: String(best.after + half), uncertainty_ns: Number(half) };
}
