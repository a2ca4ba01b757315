import { intAt, realAt, valueAt } from '#core/columns';
import { ascendingOrder, upperBound } from '#core/math/spans';
import { rowsByOwner } from './rows-by-owner.ts';

/** Calls of many processes, one typed array per column. */
export interface NumberedCalls {
  /** Number of the process, from 0. */
  readonly process: Int32Array;
  /** Ids that a process gives its calls; they repeat between processes. */
  readonly correlation: Int32Array;
  /** When each call began, ns. */
  readonly start: Float64Array;
}

/** Index of the call with this process number and correlation id, or -1. */
export type FindCall = (process: number, correlation: number) => number;

/** A process counts its calls up, those that are not read here among them: up to so many ids for each call that is read, it has a table. */
const IDS_PER_CALL = 8;
const FEWEST_IDS = 1024;

/** Finds calls by their ids: exact, whatever the range of the ids. Of calls that share one, the first to begin is found. */
export function launchIndex(calls: NumberedCalls, processes: number): FindCall {
  const rows = rowsByOwner(calls.process, processes);
  const finders = rows.map(own => finderOf(own, calls));
  return (process, correlation) => finders[process]?.(correlation) ?? -1;
}

type FindById = (correlation: number) => number;

function finderOf(rows: Int32Array, calls: NumberedCalls): FindById {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < rows.length; k++) {
    const id = intAt(calls.correlation, intAt(rows, k));
    if (id < low) low = id;
    if (id > high) high = id;
  }
  if (rows.length === 0) return () => -1;
  const range = high - low + 1;
  return range <= Math.max(FEWEST_IDS, IDS_PER_CALL * rows.length) ? tableOf(rows, calls, low, range) : sortedOf(rows, calls);
}

/**
 * One place for each id between the lowest and the highest. Neighbours in time are neighbours in it, so that a walk over the operations in their
 * order finds their calls in the cache: with a hash nearly every look-up is a miss.
 */
function tableOf(rows: Int32Array, { correlation, start }: NumberedCalls, low: number, range: number): FindById {
  const table = new Int32Array(range).fill(-1);
  for (let k = 0; k < rows.length; k++) {
    const i = intAt(rows, k);
    const at = intAt(correlation, i) - low;
    const known = intAt(table, at);
    if (known < 0 || realAt(start, i) < realAt(start, known)) table[at] = i;
  }
  return id => table[id - low] ?? -1;
}

/** The same for ids that lie far apart, by bisection. */
function sortedOf(rows: Int32Array, { correlation, start }: NumberedCalls): FindById {
  const ids = Float64Array.from(rows, i => intAt(correlation, i));
  const order = ascendingOrder(ids);
  const sorted = Float64Array.from(order, k => realAt(ids, k));
  return id => {
    let found = -1;
    // Calls that share an id lie side by side, in their own order.
    for (let k = upperBound(sorted, id) - 1; k >= 0 && sorted[k] === id; k--) {
      const i = intAt(rows, valueAt(order, k));
      if (found < 0 || realAt(start, i) <= realAt(start, found)) found = i;
    }
    return found;
  };
}
