import { randomLcg } from 'd3-random';
import { valueAt } from '#core/columns';
import { automaticBlockLength } from './block-length.ts';
import { percentile } from './percentiles.ts';
import { SEED } from './seed.ts';
import { ascendingOrder } from './spans.ts';

export interface BootstrapOptions {
  readonly seed?: number;
  readonly resamples?: number;
  readonly level?: number;
  /** Mean length of a block, in values; found from the values where it is not given. */
  readonly blockLength?: number;
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

function interval(values: ArrayLike<number>, options: BootstrapOptions, statistic: (drawn: Uint32Array) => number): BootstrapInterval {
  const { seed = SEED, level = 0.95 } = options;
  const n = values.length;
  const resamples = options.resamples ?? Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, Math.floor(MOST_DRAWN / n)));
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
 * Interval of the q-quantile (nearest rank) of values that depend on their neighbours, by the stationary bootstrap (percentile method).
 * No resample holds a value beyond the largest: where `quantileRanks` has no upper rank, `high` bounds nothing.
 * @param values in the order of time
 * @returns in the unit of the values; undefined for fewer than 20
 */
export function bootstrapQuantile(values: ArrayLike<number>, q: number, options: BootstrapOptions = {}): BootstrapInterval | undefined {
  const n = values.length;
  if (n < FEWEST_VALUES) return undefined;
  // Counting how often each rank was drawn finds the quantile without sorting each resample.
  const order = ascendingOrder(values);
  const rankOf = new Uint32Array(n);
  for (const [rank, i] of order.entries()) rankOf[i] = rank;
  const times = new Uint32Array(n);
  const above = n - Math.max(1, Math.ceil(q * n - 1e-9));
  return interval(values, options, drawn => {
    times.fill(0);
    for (const i of drawn) {
      const rank = valueAt(rankOf, i);
      times[rank] = valueAt(times, rank) + 1;
    }
    let rank = n - 1;
    for (let seen = valueAt(times, rank); seen <= above && rank > 0; seen += valueAt(times, rank)) rank--;
    return values[valueAt(order, rank)] ?? Number.NaN;
  });
}
