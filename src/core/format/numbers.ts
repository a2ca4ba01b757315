const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** A number as a person reads it: three to four significant digits, thousands grouped. No locale, so that bytes never vary. */
export function plain(value: number): string {
  const size = Math.abs(value);
  const decimals = Number.isInteger(value) || size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 3;
  const [whole = '0', fraction] = size.toFixed(decimals).split('.');
  const text = fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
  return value < 0 && Number(size.toFixed(decimals)) !== 0 ? `-${text}` : text;
}

export const ms = (value: number) => `${plain(value)} ms`;

export function percent(share: number): string {
  const value = share * 100;
  if (value !== 0 && Math.abs(value) < 0.1) return value < 0 ? '> -0.1 %' : '< 0.1 %';
  return `${value.toFixed(Math.abs(value) < 9.95 && value !== 0 ? 1 : 0)} %`;
}

/** A share that is compared to the tenth of a point, as bubbles are. */
export const points = (share: number) => `${(share * 100).toFixed(1)} %`;

/** A position on the time axis: to the millisecond, as incidents are told apart by it. */
export const seconds = (atMs: number) => `${(atMs / 1000).toFixed(3)} s`;

export const range = (lower: number, upper: number) => (plain(lower) === plain(upper) ? ms(lower) : `${plain(lower)}–${plain(upper)} ms`);

export const interval = ([lower, upper]: readonly [number, number | null]) =>
  upper === null ? `≥ ${ms(lower)} (no upper bound)` : range(lower, upper);

export const count = (n: number, one: string, many = `${one}s`) => `${plain(n)} ${n === 1 ? one : many}`;

const LAST_DATE_MS = 8_640_000_000_000_000n;

/** Epoch nanoseconds as UTC wall-clock time; the digits themselves where no calendar reaches. */
export function wallClock(ns: string): string {
  const inMs = BigInt(ns) / 1_000_000n;
  if (ns.startsWith('-') || inMs > LAST_DATE_MS) return `${ns} ns`;
  return `${new Date(Number(inMs)).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

export function bytes(n: number): string {
  if (n < 1024) return count(n, 'byte');
  const step = n < 1024 ** 2 ? 1 : n < 1024 ** 3 ? 2 : 3;
  return `${plain(n / 1024 ** step)} ${['KiB', 'MiB', 'GiB'][step - 1] ?? ''}`;
}
