import { itemAt, valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { Reading } from './kinds.ts';

/** Beginnings of iterations after the first: where a forward follows when all that was begun is done. Times of the operations' starts. */
function iterationStarts(reading: Reading): Ns[] {
  const { operations, kinds } = reading;
  const total = new Array<number>(kinds + 1).fill(0);
  for (const o of operations) total[o.kind] = valueAt(total, o.kind) + 1;
  const forwards = valueAt(total, 0);
  if (forwards === 0 || kinds === 0) return [];
  const seen = new Array<number>(kinds + 1).fill(0);
  const out: Ns[] = [];
  for (const [i, o] of operations.entries()) {
    const done = seen.every((n, k) => n >= (valueAt(total, k) / forwards) * valueAt(seen, 0));
    if (i > 0 && o.kind === 0 && itemAt(operations, i - 1).kind !== 0 && done) out.push(o.segment.start);
    seen[o.kind] = valueAt(seen, o.kind) + 1;
  }
  return out;
}

/**
 * The lane that has most begun at once catches up only at the end of an iteration: the one with the fewest beginnings tells them for all.
 * On the others everything of an iteration begins between two of them.
 */
export function sharedStarts(lanes: readonly (readonly Reading[])[]): Ns[] {
  const each = lanes.flatMap(readings => {
    const [first] = readings;
    return first === undefined || first.kinds === 0 ? [] : [iterationStarts(first)];
  });
  return each.reduce((a, b) => (b.length < a.length ? b : a), each[0] ?? []);
}
