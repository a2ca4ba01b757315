import { intAt, valueAt } from '#core/columns';
import type { Share } from '#core/units';
import type { Iteration, Operation } from './operation.ts';
import { byRank } from './phases.ts';
import type { Recognised } from './recognised.ts';
import { TEXTBOOKS } from './schedules/index.ts';
import { type Shape, type Slot, slotKey } from './schedules/textbook.ts';

/** A schedule is recognised where no more than this share of its operations ran out of order. */
const MOST_DEPARTURES: Share = 0.15;

/** Indices of a longest ascending run inside a list of numbers that need not be neighbours. */
function longestAscending(values: readonly number[]): Set<number> {
  const tails: number[] = [];
  const before = new Int32Array(values.length).fill(-1);
  for (const [i, value] of values.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (valueAt(values, valueAt(tails, mid)) < value) low = mid + 1;
      else high = mid;
    }
    before[i] = low > 0 ? valueAt(tails, low - 1) : -1;
    tails[low] = i;
  }
  const kept = new Set<number>();
  for (let i = tails.at(-1) ?? -1; i >= 0; i = intAt(before, i)) kept.add(i);
  return kept;
}

/** Operations of one rank that stand elsewhere in the textbook, each with what it ran after. */
function moved(ran: readonly Slot[], order: readonly Slot[]): { readonly op: Slot; readonly after: Slot | undefined }[] {
  const at = new Map(order.map((o, i) => [slotKey(o), i]));
  const kept = longestAscending(ran.map(o => at.get(slotKey(o)) ?? -1));
  return ran.flatMap((op, i) => (kept.has(i) ? [] : [{ op, after: ran[i - 1] }]));
}

/** The microbatches of an iteration need not begin at 0, nor be numbered without holes. */
function renumbered(iteration: Iteration): (o: Operation) => Slot {
  const numbers = new Map([...new Set(iteration.operations.map(o => o.microbatch))].sort((a, b) => a - b).map((mb, i) => [mb, i]));
  return o => ({ kind: o.kind, microbatch: numbers.get(o.microbatch) ?? Number.NaN, stage: o.stage });
}

/** Which textbook's order the operations of all ranks ran in. */
export function recognise(iteration: Iteration): Recognised {
  const shape: Shape = iteration;
  const renumber = renumbered(iteration);
  const ranks = byRank(iteration).map(list => list.map(renumber));
  const all = ranks.flat();
  const hasWeights = all.some(o => o.kind === 'W');
  // Where only some backwards are split, weights say nothing about the order.
  const eachSplit = hasWeights && all.filter(o => o.kind === 'W').length === all.filter(o => o.kind === 'B').length;
  const total = all.length;
  const tried = TEXTBOOKS.filter(t => t.fits(shape)).flatMap(textbook => {
    const orders = ranks.map((_, rank) => textbook.order(rank, shape));
    const countOf = (kind: Slot['kind']) => orders.flat().filter(o => o.kind === kind).length;
    const splits = countOf('W') > 0;
    const splitsAll = splits && countOf('W') === countOf('B');
    if (splitsAll && !eachSplit) return [];
    const judged = (o: Slot) => o.kind !== 'W' || (eachSplit && (!splits || splitsAll));
    // A schedule without weights of their own runs them with the backward that they belong to.
    const withWeights = (o: Slot): Slot[] => (o.kind === 'B' && !splits ? [o, { ...o, kind: 'W' }] : [o]);
    const theirs = orders.map(list => list.flatMap(withWeights).filter(judged));
    const ours = ranks.map(list => list.filter(judged));
    const planned = new Set(theirs.flat().map(slotKey));
    const seen = new Set(ours.flat().map(slotKey));
    const missing = theirs.flat().filter(o => !seen.has(slotKey(o)));
    // What the textbook does not have at all makes it another schedule; what it has and the trace lacks may just not be named.
    if (ours.flat().some(o => !planned.has(slotKey(o))) || missing.length > MOST_DEPARTURES * planned.size) return [];
    return [{ textbook, missing, moved: ours.flatMap((list, rank) => moved(list, theirs[rank] ?? []).map(x => ({ ...x, rank }))) }];
  });
  const best = tried.reduce((a, b) => (b.moved.length < (a?.moved.length ?? Number.POSITIVE_INFINITY) ? b : a), tried[0]);
  if (best === undefined || best.moved.length > MOST_DEPARTURES * total) {
    const forwardOnly = !all.some(o => o.kind === 'B');
    return {
      name: 'unknown',
      textbook: undefined,
      basis: forwardOnly
        ? { by: 'forwards-only' }
        : best === undefined
          ? { by: 'other-operations', shape: { p: shape.p, m: shape.m, v: shape.v } }
          : { by: 'other-places', nearest: best.textbook.name, moved: best.moved.length, operations: total },
      departures: [],
    };
  }
  const alike = tried.filter(t => t.textbook.name !== best.textbook.name && t.moved.length === best.moved.length).map(t => t.textbook.name);
  return {
    name: best.textbook.name,
    textbook: best.textbook,
    basis: { by: 'places', operations: total, devices: shape.p, moved: best.moved.length, missing: best.missing.length, alike },
    departures: [
      ...best.moved.map(({ op, after, rank }) => ({ what: 'moved' as const, rank, operation: op, after })),
      ...best.missing.map(operation => ({ what: 'missing' as const, operation })),
    ],
  };
}
