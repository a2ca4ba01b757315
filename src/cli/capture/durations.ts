import { InvalidArgumentError } from '@commander-js/extra-typings';

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600 };
/** A timer of Node holds 2^31 ms. */
const LONGEST_SECONDS = 2_000_000;

/** Reads a length of time, in seconds where it names no unit: 300, 1.5, 500ms, 90s, 10m, 1h. */
export function duration(text: string): number {
  const [, digits = '', unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)?$/.exec(text.trim()) ?? [];
  const seconds = Number(digits) * (UNITS[unit] ?? 1);
  if (digits === '' || seconds > LONGEST_SECONDS) throw new InvalidArgumentError('It must be a time such as 300, 90s, 10m or 1h.');
  return seconds;
}

/** Like `duration`, but more than nothing. */
export function positiveDuration(text: string): number {
  const seconds = duration(text);
  if (seconds <= 0) throw new InvalidArgumentError('It must be more than 0.');
  return seconds;
}

/** Milliseconds where it names no unit: 100, 100ms, 1s. */
export function interval(text: string): number {
  const ms = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : duration(text) * 1000;
  if (!(ms >= 10 && ms <= 60_000)) throw new InvalidArgumentError('It must be a time from 10 ms to 60 s, such as 100 or 1s.');
  return ms;
}

export function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
  return Number(text);
}
