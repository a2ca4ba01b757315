import { quantileRanks, rankOf } from '#core/math/percentiles';
import { valuesAtRanks } from '#core/math/ranked-floats';
import type { Latency } from '#schema/report';

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
