import { randomLcg } from 'd3-random';
import { valueAt } from '#core/columns';
import { automaticBlockLength } from './block-length.ts';
import { percentile, rankOf } from './percentiles.ts';
import { SEED } from './seed.ts';
import { ascendingOrder } from './spans.ts';

export interface BootstrapOptions {
  readonly seed?: number;
  readonly resamples?: number;
  readonly level?: number;
  /** Mean length of a block, in values; found from the values where it is not given. */
  readonly blockLength?: number;
}

export interface ClusterBootstrapOptions extends Omit<BootstrapOptions, 'blockLength'> {
  /** Clusters that every resample holds once: what is given, not what happened to happen. */
  readonly fixed?: ReadonlySet<number>;
}

export interface BootstrapInterval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly resamples: number;
  readonly block_length: number;
  readonly seed: number;
}

/** With 999 the ends of a 95 % interval are themselves order statistics (Davison & Hinkley 1997, §5.2). */
const RESAMPLES = 999;
/** Values drawn in all, at most: of long series the resamples are fewer, down to FEWEST_RESAMPLES. */
const MOST_DRAWN = 1e7;
const FEWEST_RESAMPLES = 199;
/** Fewer values than this give no interval worth its name. */
const FEWEST_VALUES = 20;

/**
 * Fills `out` with indices of one resample of the stationary bootstrap (Politis & Romano 1994, JASA 89:1303): blocks that begin
 * anywhere, have geometric lengths of the given mean, and wrap around the end.
 */
export function drawBlocks(out: Uint32Array, blockLength: number, random: () => number): void {
  const n = out.length;
  const stay = Math.log(1 - 1 / Math.max(1, blockLength));
  for (let i = 0; i < n; ) {
    let at = Math.floor(random() * n);
    // 1 - random() lies in (0, 1]; with blocks of one value the quotient is 0.
    let left = 1 + Math.floor(Math.log(1 - random()) / stay);
    for (; left > 0 && i < n; left--, i++) {
      out[i] = at;
      at = at + 1 === n ? 0 : at + 1;
    }
  }
}

const resamplesOf = (n: number): number => Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, Math.floor(MOST_DRAWN / Math.max(1, n))));

function interval(values: ArrayLike<number>, options: BootstrapOptions, statistic: (drawn: Uint32Array) => number): BootstrapInterval {
  const { seed = SEED, level = 0.95 } = options;
  const n = values.length;
  const resamples = options.resamples ?? resamplesOf(n);
  const block_length = options.blockLength ?? automaticBlockLength(values);
  const random = randomLcg(seed);
  const drawn = new Uint32Array(n);
  const found = Float64Array.from({ length: resamples }, () => {
    drawBlocks(drawn, block_length, random);
    return statistic(drawn);
  }).sort();
  const tail = (1 - level) / 2;
  return { low: percentile(found, tail), high: percentile(found, 1 - tail), level, resamples, block_length, seed };
}

/**
 * Interval of the mean of values that depend on their neighbours, by the stationary bootstrap (percentile method).
 * @param values in the order of time
 * @returns in the unit of the values; undefined for fewer than 20
 */
export function bootstrapMean(values: ArrayLike<number>, options: BootstrapOptions = {}): BootstrapInterval | undefined {
  if (values.length < FEWEST_VALUES) return undefined;
  return interval(values, options, drawn => {
    let sum = 0;
    for (const i of drawn) sum += valueAt(values, i);
    return sum / drawn.length;
  });
}

/**
 * Interval of the q-quantile (nearest rank) of values that come in clusters, by the percentile method: whole clusters are drawn anew, as
 * many as there are (Davison & Hinkley 1997, §3.8; Field & Welsh 2007, J. R. Statist. Soc. B 69:369, "cluster bootstrap").
 * It says what these values would give; no resample holds a value beyond the largest.
 * @param clusterOf a number from 0 for each value; values of one cluster depend on one another
 * @returns in the unit of the values; NaN of none
 */
export function bootstrapClusterQuantile(
  values: ArrayLike<number>,
  clusterOf: ArrayLike<number>,
  q: number,
  options: ClusterBootstrapOptions = {},
): { readonly low: number; readonly high: number } {
  const { seed = SEED, level = 0.95, fixed = new Set() } = options;
  const n = values.length;
  const resamples = options.resamples ?? resamplesOf(n);
  const clusters = Array.from(clusterOf).reduce((most, c) => Math.max(most, c + 1), 0);
  const sizes = new Uint32Array(clusters);
  for (const c of Array.from(clusterOf)) sizes[c] = valueAt(sizes, c) + 1;
  const free = Array.from({ length: clusters }, (_, c) => c).filter(c => !fixed.has(c));
  const order = ascendingOrder(values);
  const random = randomLcg(seed);
  const times = new Uint32Array(clusters);
  const found = Float64Array.from({ length: resamples }, () => {
    times.fill(0);
    let drawn = 0;
    for (const c of fixed) {
      times[c] = 1;
      drawn += valueAt(sizes, c);
    }
    for (let k = 0; k < free.length; k++) {
      const c = valueAt(free, Math.floor(random() * free.length));
      times[c] = valueAt(times, c) + 1;
      drawn += valueAt(sizes, c);
    }
    // From the largest value down: few of them lie above a high quantile.
    let above = drawn - rankOf(q, drawn);
    let i = n - 1;
    for (; i > 0; i--) {
      above -= valueAt(times, valueAt(clusterOf, valueAt(order, i)));
      if (above < 0) break;
    }
    return n === 0 ? Number.NaN : valueAt(values, valueAt(order, i));
  }).sort();
  const tail = (1 - level) / 2;
  return { low: percentile(found, tail), high: percentile(found, 1 - tail) };
}
