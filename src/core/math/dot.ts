import { realAt } from '#core/columns';

/** Sum of products of two lists of equal length. Permutation tests ask for it a hundred thousand times: a plain loop over one kind of array. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += realAt(a, i) * realAt(b, i);
  return sum;
}
