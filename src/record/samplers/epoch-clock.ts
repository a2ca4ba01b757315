import { clockPair } from './clock-pair.ts';

const MS = 1_000_000n;

/** Where the two clocks are read from; a test may have its own. */
export interface ClockSource {
  readonly monotonicNs: () => bigint;
  readonly epochMs: () => number;
}
const HOST: ClockSource = { monotonicNs: () => process.hrtime.bigint(), epochMs: () => Date.now() };

/**
 * Epoch stamps in nanoseconds: the monotonic clock plus an offset. The kernel slews both clocks alike, so the offset
 * changes only when the wall clock is set; it is then moved until the stamp agrees with Date.now(), which is within a millisecond.
 */
export class EpochClock {
  readonly #source: ClockSource;
  #offset: bigint;

  constructor(pair: { readonly epoch_ns: string; readonly monotonic_ns: string } = clockPair(), source: ClockSource = HOST) {
    this.#source = source;
    this.#offset = BigInt(pair.epoch_ns) - BigInt(pair.monotonic_ns);
  }

  now(): bigint {
    const before = this.#source.monotonicNs();
    const from = BigInt(this.#source.epochMs()) * MS;
    const after = this.#source.monotonicNs();
    // Date.now() was read somewhere between the two: only what contradicts it wherever that was is mended.
    if (after + this.#offset < from) this.#offset = from - after;
    else if (before + this.#offset >= from + MS) this.#offset = from + MS - 1n - before;
    return before + this.#offset;
  }
}
