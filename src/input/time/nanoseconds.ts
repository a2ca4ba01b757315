import type { Ms, Ns, Seconds } from '#core/units';
import type { Clock } from '#schema/relation';

/** Nanoseconds since some zero of a file, exact: dates exceed what a double holds. */
export type ExactNs = bigint;

/** Nanoseconds since 1970 for dates from 2001 to 2103. What is smaller counts from some other zero. */
const EPOCH_FROM = 10n ** 18n;
const EPOCH_TO = 42n * 10n ** 17n;

/** Dates from 2015 to 2040, in seconds: narrow, so that few uptimes are mistaken for dates. */
const DATE_FROM = 1_420_000_000;
const DATE_TO = 2_210_000_000;

/** What passes for a usual duration below this many ns is no duration in ns at all. */
const TOO_SHORT_NS = 10_000_000;

const UNITS = [
  ['seconds', 1],
  ['milliseconds', 1e3],
  ['microseconds', 1e6],
] as const;

/** Whether a stamp of nanoseconds counts from 1970. */
export const isEpochNs = (ns: ExactNs): boolean => ns >= EPOCH_FROM && ns < EPOCH_TO;

/** Which coarser unit a number would be in if it were a date between 2015 and 2040, if any. */
export const dateUnit = (value: number): 'seconds' | 'milliseconds' | 'microseconds' | undefined =>
  UNITS.find(([, scale]) => value >= DATE_FROM * scale && value < DATE_TO * scale)?.[0];

/**
 * The unit that stamps said to be in ns are really in, or undefined if they may well be ns. Size alone does not tell:
 * 20 days of uptime in ns are as large as a date in microseconds. So a usual duration must be too short for ns as well.
 */
export const mistakenUnit = (first: ExactNs, usualDurationNs: Ns): ReturnType<typeof dateUnit> =>
  usualDurationNs < TOO_SHORT_NS ? dateUnit(Number(first)) : undefined;

export const DAY_NS = 86_400n * 10n ** 9n;

/** Seconds since some zero as whole ns. A double of today's date is good to about 0.24 us. */
export const nsOfSeconds = (seconds: Seconds): ExactNs => {
  const whole = Math.floor(seconds);
  return BigInt(whole) * 1_000_000_000n + BigInt(Math.round((seconds - whole) * 1e9));
};

/** A duration in ms as whole ns. */
export const nsOfMs = (ms: Ms): ExactNs => nsOfSeconds(ms / 1000);

/** Milliseconds from `origin` to `ns`, exact to a double's precision however large both are. */
export const msSince = (origin: ExactNs, ns: ExactNs): Ms => Number(ns - origin) / 1e6;

export const clockOf = (origin: ExactNs): Clock => (isEpochNs(origin) ? { kind: 'epoch', uncertainty_ms: 0 } : { kind: 'relative' });

/** The limit that goes with a relative clock. */
export const RELATIVE_LIMIT =
  'The stamps do not count from 1970 (a monotonic clock, or seconds since the start), so this file can be laid over others only where they share that zero, or by matching events.';

/** The smallest and the largest of some stamps; undefined for none. */
export const extent = (stamps: Iterable<ExactNs>): { readonly min: ExactNs; readonly max: ExactNs } | undefined => {
  let min: bigint | undefined;
  let max: bigint | undefined;
  for (const ns of stamps) {
    if (min === undefined || ns < min) min = ns;
    if (max === undefined || ns > max) max = ns;
  }
  return min === undefined || max === undefined ? undefined : { min, max };
};
