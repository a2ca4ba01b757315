import jstat from 'jstat';
import type { Latency } from '#model/report';

/** Exact order statistic: the smallest value that at least the share q of all values does not exceed (nearest rank). `sorted` ascends. */
export const percentile = (sorted: ArrayLike<number>, q: number): number =>
  sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)] ?? Number.NaN;

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

/** The latency row of a report. Values in ms; undefined when there are none. */
export function latencyOf(metric: Latency['metric'], values: ArrayLike<number>): Latency | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const [low, high] = quantileRanks(sorted.length, 0.99);
  return {
    metric,
    n: sorted.length,
    p50_ms: percentile(sorted, 0.5),
    p95_ms: percentile(sorted, 0.95),
    p99_ms: percentile(sorted, 0.99),
    p99_ci_ms: [sorted[low - 1] ?? Number.NaN, high === null ? null : (sorted[high - 1] ?? null)],
    p99_bootstrap_ci_ms: null,
    max_ms: sorted.at(-1) ?? Number.NaN,
  };
}
