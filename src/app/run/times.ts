import { durationOf } from '#core/duration';
import type { Ms, Seconds } from '#core/units';

/** A length of time as a plan gives it: seconds where it names no unit. Its schema sees to it that it is one. */
export const secondsOf = (time: number | string): Seconds => (typeof time === 'number' ? time : (durationOf(time) ?? 0));

/** The time between samples as a plan gives it: milliseconds where it names no unit; undefined where there are to be none. */
export const intervalOf = (time: number | string | false): Ms | undefined =>
  time === false ? undefined : typeof time === 'number' ? time : (durationOf(time, 'ms') ?? 0) * 1000;
