import jstat from 'jstat';

/** Rank (from 1) of the q-quantile of n values: the smallest that at least the share q of them does not exceed (nearest rank). */
export const rankOf = (q: number, n: number): number => Math.max(1, Math.ceil(q * n - 1e-9));

/** Exact order statistic: the smallest value that at least the share q of all values does not exceed (nearest rank). `sorted` ascends. */
export const percentile = (sorted: ArrayLike<number>, q: number): number => sorted[rankOf(q, sorted.length) - 1] ?? Number.NaN;

/** Smallest k with P(B <= k) >= p for B binomial(n, q). */
function binomialQuantile(p: number, n: number, q: number): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (jstat.jStat.binomial.cdf(mid, n, q) >= p) high = mid;
    else low = mid + 1;
  }
  return low;
}

/**
 * Ranks (from 1) of the order statistics that bound the q-quantile with at least 95 % confidence, without any assumption about its
 * distribution (David & Nagaraja, Order Statistics, 3rd ed., §7.1). An upper rank beyond n does not exist: null.
 * Assumes independent values; requests that share an incident are not, so the true interval is wider.
 */
export function quantileRanks(n: number, q: number): readonly [number, number | null] {
  const lower = Math.max(1, binomialQuantile(0.025, n, q));
  const upper = binomialQuantile(0.975, n, q) + 1;
  return [lower, upper > n ? null : upper];
}
