import { itemAt, valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { Reading } from './kinds.ts';
import { nearestTurn } from './period.ts';

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
 * Ways in which a window may part into iterations: for each, when they begin on each lane. The lane that has most begun at once catches up only at the end of an
 * iteration, so that the fewest beginnings are the likeliest. A lane that shows more of them, or lost something, begins with the forward after other work that is nearest to
 * the first of the others.
 */
export function possibleStarts(lanes: readonly (readonly Reading[])[]): (readonly (readonly Ns[])[])[] {
  const each = lanes.map(readings => new Map(readings.map(iterationStarts).map(starts => [starts.length, starts])));
  const counts = [...new Set(each.flatMap(m => [...m.keys()]))].filter(n => n > 0).sort((a, b) => a - b);
  return counts.slice(0, TRIED).map(n => {
    const shared = Array.from({ length: n }, (_, k) => Math.min(...each.flatMap(m => m.get(n)?.[k] ?? [])));
    return each.map((m, l) => {
      const own = m.get(n);
      const [reading] = itemAt(lanes, l);
      return own ?? shared.map(t => nearestTurn(reading, t));
    });
  });
}
