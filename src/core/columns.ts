/** One typed array per column, all of length n. Times are ns since the session began; a NULL id is -1, a NULL time is NaN. */
export type ColumnData = Float64Array | Int32Array;
export type Columns<C extends string> = { readonly n: number } & { readonly [K in C]: ColumnData };

/** Set by the tests: there a wrong index is an error at the place where it is used. */
let strict = false;

/** Makes every wrong index throw from here on. */
export function throwOnWrongIndex(): void {
  strict = true;
}

function wrongIndex(index: number, length: number | undefined): number {
  if (strict) throw new RangeError(`index ${index} of a column of ${length ?? 'no'} values`);
  return Number.NaN;
}

/*
 * The value of a column at an index that must exist. Throws RangeError in tests where it does not; elsewhere the answer is NaN, which
 * nobody takes for a time. One accessor would do, but V8 remembers for each function which kinds of array it has read, and a function
 * that has read more than four kinds reads all of them slowly: a fifth of a whole analysis.
 */

/** A value of a column of doubles. @throws RangeError in tests, where there is none */
export const realAt = (column: Float64Array | undefined, index: number): number => column?.[index] ?? wrongIndex(index, column?.length);

/** A value of a column of integers. @throws RangeError in tests, where there is none */
export const intAt = (column: Int32Array | undefined, index: number): number => column?.[index] ?? wrongIndex(index, column?.length);

/** A value of a column of small integers. @throws RangeError in tests, where there is none */
export const byteAt = (column: Uint8Array | Int8Array | undefined, index: number): number =>
  column?.[index] ?? wrongIndex(index, column?.length);

/** A value of any other list of numbers. @throws RangeError in tests, where there is none */
export const valueAt = (list: ArrayLike<number> | null | undefined, index: number): number =>
  list?.[index] ?? wrongIndex(index, list?.length);

/** A value of a column as it was read from a trace. @throws RangeError in tests, where there is none */
export const columnAt = (column: ColumnData | undefined, index: number): number => column?.[index] ?? wrongIndex(index, column?.length);

/** An item of a list that must be there. Nothing can stand for a missing one, so it throws outside of tests too. @throws RangeError */
export function itemAt<T>(list: readonly T[] | undefined, index: number): T {
  const item = list?.[index];
  if (item === undefined) throw new RangeError(`index ${index} of a list of ${list?.length ?? 'no'} items`);
  return item;
}
