import { type Hit, isSuccess, NO_SCHEDULE } from '#input/series/http-hits';
import { DAY_NS } from '#input/time/nanoseconds';

interface VegetaResult {
  readonly attack: string;
  readonly seq: string;
  readonly code: number;
  readonly latency_ns: bigint;
  readonly error: string;
}

/** Nobody waits longer for a request than a day; what is longer is no latency in nanoseconds. */
export const isLatency = (ns: bigint): boolean => ns >= 0n && ns <= DAY_NS;

/** A request of an attack. Its code is 0 where no answer came (transport error); `error` is also set for answers that are no success. */
export const hitOf = (line: number, start_ns: bigint, { attack, seq, code, latency_ns, error }: VegetaResult): Hit => ({
  line,
  start_ns,
  end_ns: start_ns + latency_ns,
  ok: error === '' && isSuccess(code),
  name: attack === '' ? seq : `${attack} ${seq}`,
});

/**
 * The rate of an attack is not in its results. From seq and the stamps one could guess it, but not where it matters: an attack that
 * fell behind looks like one of a lower rate. So no intended start is made up.
 */
export const VEGETA_LIMITS: readonly string[] = [
  NO_SCHEDULE,
  'Vegeta does not write the rate it was asked for, so where its workers fell behind cannot be told from a lower rate.',
];

export const VEGETA_HINT = 'Give results as vegeta encode writes them.';
