import jstat from 'jstat';
import type { Latency } from '#schema/report';
import { valuesAtRanks } from './ranked-floats.ts';

/** Rank (from 1) of the q-quantile of n values: the smallest that at least the share q of them does not exceed (nearest rank). */
const rankOf = (q: number, n: number): number => Math.max(1, Math.ceil(q * n - 1e-9));

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

/** The latency row of a report. Values in ms, in any order; undefined when there are none. */
export function latencyOf(metric: Latency['metric'], values: ArrayLike<number>): Latency | undefined {
  const sorted = Float64Array.from(values).sort();
  return latencyAt(metric, sorted.length, () => rank => sorted[rank - 1]);
}

/** The same of the gaps between tokens of many requests: a file may hold hundreds of millions, so they are neither copied nor sorted. */
export function latencyOfGaps(gaps: readonly Float32Array[]): Latency | undefined {
  const n = gaps.reduce((sum, { length }) => sum + length, 0);
  return latencyAt('itl', n, ranks => {
    const values = valuesAtRanks(gaps, ranks);
    return rank => values.get(rank);
  });
}

/** @param valuesOf told all ranks (from 1) that will be asked for, since a walk over the values for each would take its time */
function latencyAt(
  metric: Latency['metric'],
  n: number,
  valuesOf: (ranks: readonly number[]) => (rank: number) => number | undefined,
): Latency | undefined {
  if (n === 0) return undefined;
  const [p50, p95, p99] = [rankOf(0.5, n), rankOf(0.95, n), rankOf(0.99, n)];
  const [low, high] = quantileRanks(n, 0.99);
  const valueAt = valuesOf([p50, p95, p99, low, high ?? n, n]);
  const at = (rank: number) => valueAt(rank) ?? Number.NaN;
  return {
    metric,
    n,
    p50_ms: at(p50),
    p95_ms: at(p95),
    p99_ms: at(p99),
    p99_ci_ms: [at(low), high === null ? null : at(high)],
    p99_bootstrap_ci_ms: null,
    max_ms: at(n),
  };
}
