import { randomLcg } from 'd3-random';
import jstat from 'jstat';
import { byteAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { percentile } from './percentiles.ts';
import { SEED } from './seed.ts';

/**
 * All intervals and all one-sided tests of one parameter at once: its confidence distribution (Xie & Singh 2013, International
 * Statistical Review 81:3). An interval and a test that rest on the same one never contradict each other.
 */
export interface Confidence {
  readonly estimate: number;
  /** The bound below which the parameter lies with this confidence: the ends of a 95 % interval are 0.025 and 0.975. */
  readonly bound: (confidence: number) => number;
  /** The p-value of "the parameter is `value` or more" against "it is less". */
  readonly pAtLeast: (value: number) => number;
  /** The p-value of "the parameter is `value` or less" against "it is more". */
  readonly pAtMost: (value: number) => number;
}

/** With the test that it rests on. */
export interface ConfidenceDistribution extends Confidence {
  readonly method: 'paired-t' | 'welch-t' | 'sign-flips';
}

/** So many values and more need no normal distribution: their signs can be flipped in a thousand ways and more. */
const ENOUGH_TO_FLIP = 10;
/** Subsets that are drawn; where there are no more of them, all are taken. */
const SUBSETS = 9_999;

const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
/** Of the mean: its squared standard error. */
function squaredError(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1) / values.length;
}

/** Quantiles of Student's t are found by iteration, and the same few are asked for again and again. */
const quantiles = new Map<string, number>();
const quantileOfT = (confidence: number, freedom: number): number =>
  getOrCompute(quantiles, `${confidence}/${freedom}`, () => jstat.jStat.studentt.inv(confidence, freedom));

/** Of an estimate that is normal about the parameter, with a standard error of so many degrees of freedom. */
export function confidenceByT(estimate: number, error: number, freedom: number): Confidence {
  const below = (value: number) => jstat.jStat.studentt.cdf((value - estimate) / error, freedom);
  return {
    estimate,
    bound: confidence => estimate + error * quantileOfT(confidence, freedom),
    pAtLeast: value => 1 - below(value),
    pAtMost: value => below(value),
  };
}

/** Means of all subsets that are not empty. */
function everySubset(values: readonly number[]): Float64Array {
  const all = 2 ** values.length;
  const [sums, sizes] = [new Float64Array(all), new Uint8Array(all)];
  for (let subset = 1; subset < all; subset++) {
    // Each is a smaller one and one value more: the value of its lowest bit.
    const rest = subset & (subset - 1);
    sums[subset] = realAt(sums, rest) + valueAt(values, 31 - Math.clz32(subset ^ rest));
    sizes[subset] = byteAt(sizes, rest) + 1;
  }
  return sums.map((sum, subset) => sum / byteAt(sizes, subset)).subarray(1);
}

/** Means of so many subsets that are drawn at random, each value being in half of them. */
function drawnSubsets(values: readonly number[]): Float64Array {
  const random = randomLcg(SEED);
  const means = new Float64Array(SUBSETS);
  for (let k = 0; k < SUBSETS; ) {
    let [sum, size] = [0, 0];
    for (const value of values)
      if (random() < 0.5) {
        sum += value;
        size++;
      }
    if (size > 0) means[k++] = sum / size;
  }
  return means;
}

/** Means of subsets, ascending. */
const subsetMeans = (values: readonly number[]): Float64Array =>
  (2 ** values.length - 1 <= SUBSETS ? everySubset(values) : drawnSubsets(values)).sort();

/**
 * By flipping signs: the means of the subsets of n values cut the line into parts that hold the centre of symmetry with equal
 * probability, whatever else the distribution is like (Hartigan 1969, JASA 64:1303, "typical values"). The test is that of Fisher:
 * without a change each difference might as well have had the other sign.
 */
const signFlips = (values: readonly number[]): ConfidenceDistribution => ({
  ...confidenceByTypicalValues(meanOf(values), subsetMeans(values)),
  method: 'sign-flips',
});

/**
 * Of a parameter that lies in each part into which typical values cut the line with equal probability (Hartigan 1969).
 * @param values ascending
 */
export function confidenceByTypicalValues(estimate: number, values: Float64Array): Confidence {
  const parts = values.length + 1;
  const share = (holds: (value: number) => boolean) => (1 + values.filter(holds).length) / parts;
  return {
    estimate,
    // The k-th value from below leaves k of the parts under it; beyond the last one there is no bound.
    bound: confidence => {
      const rank = confidence < 0.5 ? Math.floor(confidence * parts) : Math.ceil(confidence * parts);
      if (rank < 1) return Number.NEGATIVE_INFINITY;
      return rank > values.length ? Number.POSITIVE_INFINITY : percentile(values, rank / values.length);
    },
    pAtLeast: value => share(one => one >= value),
    pAtMost: value => share(one => one <= value),
  };
}

/**
 * Of the mean of independent differences: by Student's t, or by flipped signs where there are enough of them, or where they do not
 * differ at all so that nothing tells how far they could.
 * @returns undefined for fewer than two
 */
export function confidenceOfMean(differences: readonly number[]): ConfidenceDistribution | undefined {
  const n = differences.length;
  if (n < 2) return undefined;
  const error = Math.sqrt(squaredError(differences));
  if (n >= ENOUGH_TO_FLIP || error === 0) return signFlips(differences);
  return { ...confidenceByT(meanOf(differences), error, n - 1), method: 'paired-t' };
}

/**
 * Of the mean of `after` less the mean of `before`, of independent values that may spread unlike (Welch 1947, Biometrika 34:28).
 * @returns undefined for fewer than two on a side, or where no value differs from another of its side
 */
export function confidenceOfDifference(before: readonly number[], after: readonly number[]): ConfidenceDistribution | undefined {
  if (before.length < 2 || after.length < 2) return undefined;
  const [a, b] = [squaredError(before), squaredError(after)];
  if (a + b === 0) return undefined;
  const freedom = (a + b) ** 2 / (a ** 2 / (before.length - 1) + b ** 2 / (after.length - 1));
  return { ...confidenceByT(meanOf(after) - meanOf(before), Math.sqrt(a + b), freedom), method: 'welch-t' };
}

/** More than anybody will run. */
const MOST = 1000;

/**
 * How many values (a side, where two sides are compared) give a 95 % interval that reaches no further than `reach` from its middle.
 * @param variance of a value; of two sides that are compared the sum of both
 * @param sides 1 for differences, 2 for two sides
 * @returns undefined beyond a thousand
 */
export function valuesNeeded(variance: number, reach: number, sides: 1 | 2): number | undefined {
  for (let n = 2; n <= MOST; n++) if (quantileOfT(0.975, sides * (n - 1)) * Math.sqrt(variance / n) <= reach) return n;
  return undefined;
}

/** The variance of a value, by n − 1. NaN of fewer than two */
export const varianceOf = (values: readonly number[]): number => squaredError(values) * values.length;
