import type { Share } from '#core/units';
/** A number for a sentence: as many digits as a reader needs to work it out again, four at least. */
export function num(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  if (size === 0) return '0';
  const text = value.toPrecision(4);
  return text.includes('e') || !text.includes('.') ? String(Number(text)) : text.replace(/\.?0+$/, '');
}
/** 0.304 as "30.4 %". */
export const percent = (share: Share): string => `${num(Number((100 * share).toPrecision(3)))} %`;
export const dollars = (value: number): string => `$${Number(value.toPrecision(3))}`;
/** 0.99 as "p99". */
export const percentileName = (q: Share): string => `p${Number((100 * q).toFixed(6))}`;
/** A statistic of a latency as it is spoken. */
export const statisticName = (statistic: string | number | null): string =>
  typeof statistic === 'number' ? percentileName(statistic) : (statistic ?? '');
/** "once", "2 requests": a count with its noun. */
export const counted = (n: number, noun: string): string => `${num(n)} ${noun}${n === 1 ? '' : 's'}`;
