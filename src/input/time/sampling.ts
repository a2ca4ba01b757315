import { upperMedian } from '#core/math/median';
import { significant } from '#core/math/round';
import type { Ms, Share } from '#core/units';
/** The middle value, the upper of two; undefined for none. */
export const median = (values: ArrayLike<number>): number | undefined => (values.length === 0 ? undefined : upperMedian(values));

/** The value below which a share `q` of the values lies (nearest rank, no interpolation), or undefined for none. */
export const quantile = (values: ArrayLike<number>, q: Share): number | undefined => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
};

/** The steps between neighbours of a rising series, those of zero left out. */
export const steps = (rising: Iterable<number>): number[] => {
  const found: number[] = [];
  let last: number | undefined;
  for (const value of rising) {
    if (last !== undefined && value > last) found.push(value - last);
    last = value;
  }
  return found;
};

/** The limit that goes with a sampling interval, in ms. */
export const samplingLimit = (intervalMs: Ms | undefined): string =>
  intervalMs === undefined
    ? 'There is only one sample, so nothing can be said about changes.'
    : `There is one sample about every ${significant(intervalMs, 3)} ms: what happens between two samples is not seen.`;
