import { realAt } from '#core/columns';
import { medianOf } from './median.ts';
import { percentile } from './percentiles.ts';

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
  if (values.length === 0) return { median: 0, sigma: 0, limit: 0 };
  const median = medianOf(values);
  const distances = new Float64Array(values);
  for (let i = 0; i < distances.length; i++) distances[i] = Math.abs(realAt(distances, i) - median);
  const sigma = MAD_TO_SIGMA * medianOf(distances);
  return { median, sigma, limit: median + OUTLIER_SIGMAS * sigma };
}

/** How often a set without any outlier may have a value beyond the extreme. */
const BY_CHANCE = 0.01;

/**
 * The most that one of so many delays should be by chance. Delays are skewed: beyond the median they fall off exponentially at the best
 * (peaks over a threshold: Coles 2001, An Introduction to Statistical Modeling of Extreme Values, ch. 4). The scale comes from the three
 * in four that no fault reaches: an exponential gains ln 2 scales from the median to the upper quartile.
 * @param sorted ascending
 * @param grain what the values are measured in: a scale is no finer
 */
export function extremeOf(sorted: Float64Array, grain = 0): number {
  if (sorted.length === 0) return 0;
  const middle = percentile(sorted, 0.5);
  const scale = Math.max(grain, (percentile(sorted, 0.75) - middle) / Math.LN2);
  return middle + scale * Math.log(sorted.length / (2 * BY_CHANCE));
}
