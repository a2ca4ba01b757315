import { randomLcg } from 'd3-random';
import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { SEED } from './seed.ts';

/** p is known to one part in two thousand. */
const PERMUTATIONS = 1_999;

/**
 * How often a statistic is as large as it was, or larger, when values change places at random: a one-sided level, exact where they might as
 * well have stood elsewhere. The order that was seen counts as one (Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9:39).
 * @param strata values change places only with those of the same stratum; all with all where it is not given
 * @param statistic of the values in an order; the array is used again
 */
export function permutedLevel(
  values: Float64Array,
  statistic: (values: Float64Array) => number,
  strata?: readonly (string | number)[],
): number {
  const random = randomLcg(SEED);
  const groups = new Map<string | number, number[]>();
  for (let i = 0; i < values.length; i++) getOrCompute(groups, strata?.[i] ?? '', (): number[] => []).push(i);
  const seen = statistic(values);
  const moved = values.slice();
  const indices = [...groups.values()].map(group => Int32Array.from(group));
  // Sums of the same terms in another order differ by rounding.
  const least = seen - 1e-9 * Math.abs(seen);
  let asLarge = 0;
  for (let k = 0; k < PERMUTATIONS; k++) {
    for (const group of indices)
      for (let i = group.length - 1; i > 0; i--) {
        const a = intAt(group, i);
        const b = intAt(group, Math.floor(random() * (i + 1)));
        const kept = realAt(moved, a);
        moved[a] = realAt(moved, b);
        moved[b] = kept;
      }
    if (statistic(moved) >= least) asLarge++;
  }
  return (1 + asLarge) / (1 + PERMUTATIONS);
}
