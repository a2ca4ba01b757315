/** One typed array per column, all of length n. Times are ns since the session began; a NULL id is -1, a NULL time is NaN. */
export type ColumnData = Float64Array | Int32Array;
export type Columns<C extends string> = { readonly n: number } & { readonly [K in C]: ColumnData };
