import { realAt } from '#core/columns';
import { select } from './select.ts';

/**
 * The median, in the unit of the values; what is not a number is left out. NaN of none. It is asked for thousands of times, of three values as
 * of a million, and beside d3-array's it stands because it is five to fifty times as fast (measured with Node 20): d3 feeds its selection from
 * a generator and compares by a function.
 */
export function medianOf(values: ArrayLike<number>): number {
  const own = numbersOf(values);
  const half = own.length >> 1;
  select(own, half);
  const upper = own[half] ?? Number.NaN;
  if (own.length % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < half; i++) lower = Math.max(lower, realAt(own, i));
  return (lower + upper) / 2;
}

/** The values in an array of their own, NaN left out. */
function numbersOf(values: ArrayLike<number>): Float64Array {
  const own = new Float64Array(values);
  let n = 0;
  for (let i = 0; i < own.length; i++) {
    const value = realAt(own, i);
    if (!Number.isNaN(value)) own[n++] = value;
  }
  return own.subarray(0, n);
}

/** The upper of the two values in the middle where their number is even, so that the answer is one of them. NaN of none. */
export const upperMedian = (values: ArrayLike<number>): number => Float64Array.from(values).sort()[values.length >> 1] ?? Number.NaN;
