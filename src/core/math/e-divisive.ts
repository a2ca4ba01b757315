import { randomLcg, randomUniform } from 'd3-random';
import { realAt, valueAt } from '#core/columns';
import { SEED } from './seed.ts';

/** Where a series changes its distribution. */
export interface ChangeAt {
  /** The first value after the change, counted from 0. */
  readonly index: number;
  /** How often chance alone divides a series so well, as a share of its orders. */
  readonly p: number;
}

/** A change must last: one value alone may be an outlier. */
const FEWEST = 2;
/** Orders that are drawn: with them the smallest p is a thousandth. */
const ORDERS = 999;

/**
 * The best division of values in a given order by the energy statistic (Székely & Rizzo 2005): n·m/(n+m) times twice the mean distance
 * between both parts less the mean distances within each.
 * @param distances between values, row by row @returns its first index after the division, and the statistic
 */
function bestDivision(order: Uint32Array, distances: Float64Array): { readonly index: number; readonly statistic: number } {
  const n = order.length;
  const between = (i: number, j: number) => realAt(distances, valueAt(order, i) * n + valueAt(order, j));
  let right = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) right += between(i, j);
  let [left, across] = [0, 0];
  let best = { index: 0, statistic: Number.NEGATIVE_INFINITY };
  for (let at = 1; at < n; at++) {
    // One value goes from the right part to the left one.
    let [toLeft, toRight] = [0, 0];
    for (let j = 0; j < at - 1; j++) toLeft += between(at - 1, j);
    for (let j = at; j < n; j++) toRight += between(at - 1, j);
    left += toLeft;
    right -= toRight;
    across += toRight - toLeft;
    const other = n - at;
    if (at < FEWEST || other < FEWEST) continue;
    const within = (2 * left) / at ** 2 + (2 * right) / other ** 2;
    const statistic = ((at * other) / n) * ((2 * across) / (at * other) - within);
    if (statistic > best.statistic) best = { index: at, statistic };
  }
  return best;
}

/** The division of a stretch that chance makes so good in fewer orders than `level` says; undefined where there is none. */
function divisionOf(values: readonly number[], level: number): ChangeAt | undefined {
  const n = values.length;
  if (n < 2 * FEWEST) return undefined;
  const distances = Float64Array.from({ length: n * n }, (_, k) => Math.abs(valueAt(values, Math.floor(k / n)) - valueAt(values, k % n)));
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const { index, statistic } = bestDivision(order, distances);
  const uniform = randomUniform.source(randomLcg(SEED))(0, 1);
  // Once so many orders divide as well, the rest cannot make it rare again.
  const enough = Math.ceil(level * (ORDERS + 1));
  let asGood = 1;
  for (let k = 0; k < ORDERS && asGood <= enough; k++) {
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(uniform() * (i + 1));
      const kept = valueAt(order, i);
      order[i] = valueAt(order, j);
      order[j] = kept;
    }
    // Equal divisions differ in the last digits by the order of their sums.
    if (bestDivision(order, distances).statistic >= statistic * (1 - 1e-9)) asGood++;
  }
  const p = asGood / (ORDERS + 1);
  return p <= level && statistic > 0 ? { index, p } : undefined;
}

/**
 * Where values change their distribution, by E-divisive (Matteson & James 2014, JASA 109:334): the best division first, then those of
 * its parts, each tested by shuffling the values of its stretch. Supposes that values without a change can be shuffled: that they are
 * independent. It takes time in proportion to a thousand times the square of their number.
 * @param level how often a series without any change may be divided
 * @returns in order
 */
export function changesIn(values: readonly number[], level: number): readonly ChangeAt[] {
  const found = divisionOf(values, level);
  if (found === undefined) return [];
  const before = changesIn(values.slice(0, found.index), level);
  const after = changesIn(values.slice(found.index), level);
  return [...before, found, ...after.map(change => ({ ...change, index: change.index + found.index }))];
}
