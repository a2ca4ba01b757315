import { InvalidArgumentError } from '@commander-js/extra-typings';
import { durationOf } from '#core/duration';

/** A timer of Node holds 2^31 ms. */
const LONGEST_SECONDS = 2_000_000;
const EXAMPLES = '300, 90s, 10m or 1h';

/** Reads a length of time, in seconds where it names no unit: 300, 1.5, 500ms, 90s, 10m, 1h. */
export function duration(text: string): number {
  const seconds = durationOf(text);
  if (seconds === undefined || seconds > LONGEST_SECONDS) throw new InvalidArgumentError(`It must be a time such as ${EXAMPLES}.`);
  return seconds;
}

/** Like `duration`, but more than nothing. */
export function positiveDuration(text: string): number {
  const seconds = duration(text);
  if (seconds <= 0) throw new InvalidArgumentError('It must be more than 0.');
  return seconds;
}

/** Like `duration`, in milliseconds, also where it names no unit, and forwards or backwards: 250, -1.5s. */
export function offset(text: string): number {
  if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  const [, sign = '', length = ''] = /^([+-]?)(.*)$/s.exec(text.trim()) ?? [];
  const seconds = durationOf(length, 'ms');
  if (seconds === undefined) throw new InvalidArgumentError('It must be a time such as 250, 1.5s or -2m.');
  return (sign === '-' ? -1 : 1) * seconds * 1000;
}

const SHORTEST_MS = 10;
const LONGEST_MS = 60_000;
/** The time between two samples: milliseconds where it names no unit: 100, 100ms, 1s. */
export function interval(text: string): number {
  const ms = (durationOf(text, 'ms') ?? Number.NaN) * 1000;
  if (!(ms >= SHORTEST_MS && ms <= LONGEST_MS)) throw new InvalidArgumentError('It must be a time from 10 ms to 60 s, such as 100 or 1s.');
  return ms;
}
