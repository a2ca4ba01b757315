import jstat from 'jstat';

/** How two sets of values lie to one another. */
export interface RankSum {
  /** How often a value of the second is larger than one of the first; ties count half. 0.5: neither tends to be larger. */
  readonly largerShare: number;
  /** Two-sided, by the normal approximation with ties and without a correction for continuity. */
  readonly p: number;
}

/** Both tails of the standard normal beyond a value. */
const twoSided = (z: number): number => 2 * jstat.jStat.normal.cdf(-Math.abs(z), 0, 1);

/**
 * Mann & Whitney 1947 (Ann. Math. Statist. 18:50). Supposes independent values.
 * @param first ascending, as is `second`
 * @returns undefined where one is empty, or all values are one
 */
export function rankSum(first: Float64Array, second: Float64Array): RankSum | undefined {
  const [n, m] = [first.length, second.length];
  const total = n + m;
  let [i, j, larger, ties] = [0, 0, 0, 0];
  // Walks both at once, value by value: how many of the first lie below each of the second, and how many are as large.
  while (i < n || j < m) {
    const value = Math.min(first[i] ?? Number.POSITIVE_INFINITY, second[j] ?? Number.POSITIVE_INFINITY);
    const [a, b] = [i, j];
    while (i < n && first[i] === value) i++;
    while (j < m && second[j] === value) j++;
    larger += (j - b) * (a + (i - a) / 2);
    ties += (i - a + j - b) ** 3 - (i - a + j - b);
    if (i === a && j === b) return undefined;
  }
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(n > 0 && m > 0 && variance > 0)) return undefined;
  return { largerShare: larger / (n * m), p: twoSided((larger - (n * m) / 2) / Math.sqrt(variance)) };
}
