import jstat from 'jstat';
import { valueAt } from '#core/columns';
import type { Confidence } from './confidence.ts';
import { percentile } from './percentiles.ts';

/** Of sizes of groups that share one value: what they take from the variance of Kendall's score, times 18. */
const tiesOf = (values: readonly number[]): number => {
  const groups = new Map<number, number>();
  for (const value of values) groups.set(value, (groups.get(value) ?? 0) + 1);
  return [...groups.values()].reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
};

/** Standard deviation of Kendall's score of n independent pairs (Kendall 1975, Rank Correlation Methods, §4.4, for ties in x alone). */
function scoreDeviation(x: readonly number[]): number {
  const n = x.length;
  return Math.sqrt((n * (n - 1) * (2 * n + 5) - tiesOf(x)) / 18);
}

/**
 * Of the slope of y on x by the slopes of all pairs (Theil 1950; Sen 1968, JASA 63:1379): the median slope, and the test of Mann and Kendall
 * (1945) on y less the slope times x. Nothing is assumed of the noise but that it is independent; an outlier moves it little.
 * @param x ties may be among them: levels of a dose
 * @returns in units of y by units of x; undefined where no two x differ
 */
export function confidenceOfSlope(x: readonly number[], y: readonly number[]): Confidence | undefined {
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) {
      const run = valueAt(x, i) - valueAt(x, j);
      if (run !== 0) slopes.push((valueAt(y, i) - valueAt(y, j)) / run);
    }
  const sorted = Float64Array.from(slopes).sort();
  const n = sorted.length;
  if (n === 0) return undefined;
  const deviation = scoreDeviation(x);
  /** How many slopes are larger than a value less how many are smaller. */
  const score = (value: number) => sorted.reduce((sum, slope) => sum + Math.sign(slope - value), 0);
  // Scores lie two apart: half of that is the correction for continuity.
  const beyond = (z: number) => 1 - jstat.jStat.normal.cdf(z, 0, 1);
  return {
    estimate: (percentile(sorted, 0.5) + valueAt(sorted, n >> 1)) / 2,
    pAtMost: value => beyond((score(value) - 1) / deviation),
    pAtLeast: value => beyond((-score(value) - 1) / deviation),
    bound: confidence => {
      const rank = (n + jstat.jStat.normal.inv(confidence, 0, 1) * deviation) / 2;
      const at = confidence < 0.5 ? Math.floor(rank) : Math.ceil(rank) + 1;
      if (at < 1) return Number.NEGATIVE_INFINITY;
      return at > n ? Number.POSITIVE_INFINITY : valueAt(sorted, at - 1);
    },
  };
}

/** Kendall's tau-b of two lists of equal length (Kendall 1945, Biometrika 33:239). NaN where one never changes. */
export function kendallTau(x: readonly number[], y: readonly number[]): number {
  let [score, inX, inY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [Math.sign(valueAt(x, i) - valueAt(x, j)), Math.sign(valueAt(y, i) - valueAt(y, j))];
      score += a * b;
      inX += a * a;
      inY += b * b;
    }
  return score / Math.sqrt(inX * inY);
}
