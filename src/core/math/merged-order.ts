import { valueAt } from '#core/columns';

// The loops below read their arrays themselves: each reads one kind, which V8 reads fast (see core/columns).

/** Where each ascending run of the values begins, and where the last ends. */
function runsOf(values: Float64Array): number[] {
  const bounds = [0];
  for (let i = 1; i < values.length; i++) if ((values[i] ?? Number.NaN) < (values[i - 1] ?? Number.NaN)) bounds.push(i);
  bounds.push(values.length);
  return bounds;
}

/** Merges two neighbouring runs of `from` into `to`; of equal values that of the first run comes first. */
function mergeRuns(values: Float64Array, from: Uint32Array, to: Uint32Array, begin: number, middle: number, end: number): void {
  let a = begin;
  let b = middle;
  for (let k = begin; k < end; k++) {
    const isFirst =
      b >= end || (a < middle && !((values[from[b] ?? Number.NaN] ?? Number.NaN) < (values[from[a] ?? Number.NaN] ?? Number.NaN)));
    to[k] = from[isFirst ? a++ : b++] ?? Number.NaN;
  }
}

/**
 * Indices that put the values in ascending order; equal values keep their order. Lists of a trace are a few ascending lists one after the
 * other: the runs that stand there are merged (natural merge sort: Knuth, TAOCP vol. 3, §5.2.4), in one pass for two of them.
 */
export function mergedOrder(values: Float64Array): Uint32Array {
  let order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  let bounds = runsOf(values);
  let spare = bounds.length > 2 ? new Uint32Array(values.length) : order;
  while (bounds.length > 2) {
    const next = [0];
    for (let r = 0; r + 1 < bounds.length; r += 2) {
      const begin = valueAt(bounds, r);
      const middle = valueAt(bounds, r + 1);
      const end = bounds[r + 2] ?? middle;
      mergeRuns(values, order, spare, begin, middle, end);
      next.push(end);
    }
    bounds = next;
    [order, spare] = [spare, order];
  }
  return order;
}
