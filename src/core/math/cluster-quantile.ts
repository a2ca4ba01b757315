import jstat from 'jstat';
import { valueAt } from '#core/columns';
import { ascendingOrder } from './spans.ts';

/** Both tails of a 95 % interval. */
const TAIL = 0.025;

interface Weights {
  /** Sum of the shares that clusters hold of all values. */
  readonly sum: number;
  readonly squares: number;
  /** The share that one more cluster may hold. */
  readonly most: number;
}

const gamma = (p: number, mean: number, variance: number): number =>
  mean > 0 && variance > 0 ? jstat.jStat.gamma.inv(p, (mean * mean) / variance, variance / mean) : 0;

/** Interval of a sum of Poisson counts with weights, by gamma distributions of the same mean and variance; the upper end holds one more cluster. */
const ends = ({ sum, squares, most }: Weights) => ({
  low: gamma(TAIL, sum, squares),
  high: gamma(1 - TAIL, sum + most, squares + most * most),
});

/**
 * Interval of the q-quantile, at least at 95 %, of values that come in clusters: incidents of which each slows many requests at once. It
 * holds every x of which the share of values beyond x may be 1 - q. That share is a sum over clusters, each a Poisson count with its size
 * for weight; its interval is that of Fay & Feuer 1997 (Statist. Med. 16:791), which keeps its promise with few clusters, where resampling
 * does not. Clusters of one value each give nearly the binomial ranks.
 * @param clusterOf a number from 0 for each value; values of one cluster depend on one another
 * @param unseen how many values a cluster may hold that was not seen: at least as many as run at once
 * @returns in the unit of the values; no upper end where one more cluster could lift the quantile beyond all that was seen
 */
export function clusterQuantile(
  values: ArrayLike<number>,
  clusterOf: ArrayLike<number>,
  q: number,
  unseen = 1,
): { readonly low: number; readonly high: number | null } {
  const n = values.length;
  const order = ascendingOrder(values);
  const share = 1 - q;
  /** The value that exactly k others reach or exceed, itself among them. */
  const from = (k: number) => valueAt(values, valueAt(order, n - k));
  const most = Math.max(unseen, largestOf(order.subarray(n - Math.ceil(share * n)), clusterOf)) / n;
  const held = new Map<number, number>();
  let squares = 0;
  let high: number | null = null;
  let isOpen = true;
  for (let k = 0; k < n; k++) {
    const { low, high: top } = ends({ sum: k / n, squares: squares / (n * n), most });
    if (low > share) return { low: from(k), high };
    if (isOpen && top >= share) {
      isOpen = false;
      high = k === 0 ? null : from(k);
    }
    const cluster = valueAt(clusterOf, valueAt(order, n - 1 - k));
    const before = held.get(cluster) ?? 0;
    held.set(cluster, before + 1);
    squares += 2 * before + 1;
  }
  return { low: n === 0 ? Number.NaN : from(n), high };
}

/** How many of the given values the largest cluster holds. */
function largestOf(indices: Uint32Array, clusterOf: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  let largest = 1;
  for (const i of indices) {
    const count = (counts.get(valueAt(clusterOf, i)) ?? 0) + 1;
    counts.set(valueAt(clusterOf, i), count);
    largest = Math.max(largest, count);
  }
  return largest;
}
