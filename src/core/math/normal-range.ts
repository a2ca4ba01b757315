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

/** So many scales above its median an exponential of n values lies by chance once in a hundred sets of them. */
const scalesOf = (n: number): number => Math.log(n / (2 * BY_CHANCE));

/** The scale of an exponential from the three in four of its values that no outlier reaches: it gains ln 2 scales from the median to the upper quartile. */
const scaleOf = (sorted: Float64Array): number => (percentile(sorted, 0.75) - percentile(sorted, 0.5)) / Math.LN2;

/**
 * The most that one of so many delays should be by chance. Delays are skewed: beyond the median they fall off exponentially at the best
 * (peaks over a threshold: Coles 2001, An Introduction to Statistical Modeling of Extreme Values, ch. 4).
 *
 * Few delays tell their scale badly, and the limit allows for it. The difference of two quantiles is a sum of n / 4 spacings with variance 2 / n of the
 * squared scale (Rényi 1953), so the estimate is about a gamma variate of shape k = n ln²2 / 2 and mean 1. An exponential whose scale is so estimated
 * exceeds t estimates with probability (1 + t / k)^-k (Lomax; predictive limits of the exponential: Lawless 2003, Statistical Models and Methods for
 * Lifetime Data, §4.1), in place of exp(-t).
 * @param sorted ascending
 */
export function extremeOf(sorted: Float64Array): number {
  const n = sorted.length;
  if (n === 0) return 0;
  const shape = (n * Math.LN2 ** 2) / 2;
  return percentile(sorted, 0.5) + scaleOf(sorted) * shape * Math.expm1(scalesOf(n) / shape);
}

/**
 * The same where the scale is taken as it was estimated: for what is no noise, but has a largest value of its own. An exponential tail allows for more
 * than that already.
 * @param sorted ascending
 * @param grain what the values are measured in: a scale is no finer
 */
export const largestOf = (sorted: Float64Array, grain = 0): number =>
  sorted.length === 0 ? 0 : percentile(sorted, 0.5) + Math.max(grain, scaleOf(sorted)) * scalesOf(sorted.length);
