import { valueAt } from '#core/columns';

/** Sum of products of two lists of equal length. It runs thousands of times in each permutation test, so it is a plain loop. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += valueAt(a, i) * valueAt(b, i);
  return sum;
}
