import { valueAt } from '#core/columns';
import type { Seconds } from '#core/units';
import { bucketFigure, namedFigures, SHARES } from '#input/series/latency-figures';
import type { LatencyFigure } from '#schema/relation';

/** Edges ascending, the last of them infinite; counts of all values up to each edge; the sum of the values. */
export interface Histogram {
  readonly edges: readonly Seconds[];
  readonly counts: readonly number[];
  readonly sum: Seconds | undefined;
}

const MS = 1000;
/** A share whose rank is whole must not slip to the next one by rounding (0.95 × 20). */
const RANK_SLACK = 1e-9;

/** Why a histogram cannot be used, or undefined. */
export const faultOf = ({ edges, counts }: Histogram): string | undefined => {
  if (edges.at(-1) !== Number.POSITIVE_INFINITY) return 'has no bucket up to +Inf';
  const whole = counts.every(count => Number.isSafeInteger(count) && count >= 0);
  return whole && counts.every((count, i) => i === 0 || count >= valueAt(counts, i - 1)) ? undefined : 'has counts that do not rise';
};

/**
 * The mean, and for each percentile the edges of the bucket that its rank falls in: where in the bucket is not known. No upper edge for the
 * last bucket. Nothing for no values.
 */
export const figuresOf = (metric: LatencyFigure['metric'], { edges, counts, sum }: Histogram): LatencyFigure[] => {
  const n = counts.at(-1) ?? 0;
  if (n === 0) return [];
  const mean = namedFigures(metric, { mean: sum === undefined ? undefined : sum / n }, MS, n);
  const percentiles = SHARES.map(q => {
    const rank = Math.ceil(q * n - RANK_SLACK);
    const bucket = counts.findIndex(count => count >= rank);
    const upper = edges[bucket] ?? Number.POSITIVE_INFINITY;
    const lower = bucket > 0 ? valueAt(edges, bucket - 1) : 0;
    return bucketFigure(metric, q, [lower * MS, Number.isFinite(upper) ? upper * MS : null], n);
  });
  return [...mean, ...percentiles];
};
