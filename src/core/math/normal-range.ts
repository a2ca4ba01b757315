import { median } from 'd3-array';

/** A robust standard deviation: 1.4826 times the median absolute deviation, which is consistent with a normal spread. */
export const MAD_TO_SIGMA = 1.4826;
/** "Three sigma" for robust outliers: the conservative choice of Leys et al. 2013 (J. Exp. Soc. Psych. 49:764). */
export const OUTLIER_SIGMAS = 3;

/** In the unit of the values. */
export interface Normal {
  readonly median: number;
  readonly sigma: number;
  /** Values beyond this stand out. */
  readonly limit: number;
}

/** What is normal in a set of values, robustly; undefined when there are too few to say. */
export function normalOf(values: readonly number[] | Float64Array, fewest = 5): Normal | undefined {
  if (values.length < fewest) return undefined;
  const m = median(values) ?? 0;
  const sigma = MAD_TO_SIGMA * (median(Float64Array.from(values, v => Math.abs(v - m))) ?? 0);
  return { median: m, sigma, limit: m + OUTLIER_SIGMAS * sigma };
}
