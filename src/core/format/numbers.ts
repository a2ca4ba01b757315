import { formatLocale } from 'd3-format';
import type { Bytes, Ms, Ns, Share } from '#core/units';

/*
 * One formatter per unit: a quantity reads the same in a table, a chart, a sentence and on a terminal. All round by one rule (`plain`).
 * No locale is asked, so that bytes never vary.
 */

const { format } = formatLocale({ decimal: '.', thousands: ',', grouping: [3], currency: ['$', ''], minus: '-' });

/** A number with so many decimals, thousands grouped; -0 is 0. */
const fixed = { 0: format(',.0f'), 1: format(',.1f'), 2: format(',.2f'), 3: format(',.3f') } as const;

/** A number as a person reads it: three to four significant digits, thousands grouped. */
export function plain(value: number): string {
  const size = Math.abs(value);
  return fixed[Number.isInteger(value) || size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 3](value);
}

export const ms = (value: Ms) => `${plain(value)} ms`;

/** A length in ns, read as milliseconds. */
export const msOf = (value: Ns) => ms(value / 1e6);

export const us = (value: number) => `${plain(value)} µs`;

export function percent(share: Share): string {
  const value = share * 100;
  if (value !== 0 && Math.abs(value) < 0.1) return value < 0 ? '> -0.1 %' : '< 0.1 %';
  return `${value.toFixed(Math.abs(value) < 9.95 && value !== 0 ? 1 : 0)} %`;
}

/** A share that is compared with another to the tenth of a point, as bubbles are. */
export const points = (share: Share) => `${(share * 100).toFixed(1)} %`;

/** By what share something grew or shrank, with its sign. */
export const change = (share: Share) => `${share >= 0 ? '+' : '−'}${points(Math.abs(share))}`;

/** The range that a growth lies in, from two ratios; null for no upper end. */
export const changeRange = ([low, high]: readonly [number, number | null]) =>
  high === null ? `${change(low - 1)} or more` : `${change(low - 1)} to ${change(high - 1)}`;

/** How many times as fast: near one, two decimals would hide the difference. */
export const factor = (value: number) => (value < 10 ? value.toFixed(3) : plain(value));

/** A position on the time axis: to the millisecond, as incidents are told apart by it. */
export const seconds = (at: Ms) => `${(at / 1000).toFixed(3)} s`;

const joined = (lower: Ms, upper: Ms, by: string) => (plain(lower) === plain(upper) ? ms(lower) : `${plain(lower)}${by}${plain(upper)} ms`);

/** A range in a table; one value where both ends read the same. */
export const range = (lower: Ms, upper: Ms) => joined(lower, upper, '–');

/** A range in a sentence. */
export const rangeWords = (lower: Ms, upper: Ms) => joined(lower, upper, ' to ');

export const interval = ([lower, upper]: readonly [Ms, Ms | null]) =>
  upper === null ? `≥ ${ms(lower)} (no upper bound)` : range(lower, upper);

export const count = (n: number, one: string, many = `${one}s`) => `${plain(n)} ${n === 1 ? one : many}`;

const LAST_DATE_MS = 8_640_000_000_000_000n;

/** Epoch nanoseconds as UTC wall-clock time; the digits themselves where no calendar reaches. */
export function wallClock(ns: string): string {
  const inMs = BigInt(ns) / 1_000_000n;
  if (ns.startsWith('-') || inMs > LAST_DATE_MS) return `${ns} ns`;
  return `${new Date(Number(inMs)).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

export function bytes(n: Bytes): string {
  if (n < 1024) return count(n, 'byte');
  const step = n < 1024 ** 2 ? 1 : n < 1024 ** 3 ? 2 : 3;
  return `${plain(n / 1024 ** step)} ${['KiB', 'MiB', 'GiB'][step - 1] ?? ''}`;
}

/** Gigabytes (10^9 bytes) a second. */
export const gbps = (value: number) => `${plain(value)} GB/s`;

/** Tenths, whatever the size: watts and rates as meters give them. */
export const tenths = (value: number) => fixed[1](value);

export const watts = (w: number) => `${tenths(w)} W`;

export const joules = (j: number) => (j >= 1e6 ? `${plain(j / 1e6)} MJ` : j >= 1e4 ? `${plain(j / 1e3)} kJ` : `${plain(j)} J`);

/** Money; less than a dollar to two significant digits. */
export const dollars = (usd: number) => `$${usd >= 1 || usd === 0 ? usd.toFixed(2) : usd.toPrecision(2)}`;
