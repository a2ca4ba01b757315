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

/** So many ways to part a window are tried. */
const TRIED = 3;

/**
 * Ways in which a window may part into iterations. The lane that has most begun at once catches up only at the end of an iteration: the one with the fewest
 * beginnings tells them for all, and on the others everything of an iteration begins between two of them. One that is misread shows none.
 */
export function possibleStarts(lanes: readonly (readonly Reading[])[]): (readonly Ns[])[] {
  const byCount = new Map<number, readonly Ns[]>();
  for (const reading of lanes.flat()) {
    const starts = iterationStarts(reading);
    if (starts.length > 0 && !byCount.has(starts.length)) byCount.set(starts.length, starts);
  }
  const fewest = [...byCount].sort(([a], [b]) => a - b).slice(0, TRIED);
  return [[], ...fewest.map(([, starts]) => starts)];
}
