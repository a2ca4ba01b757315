import { itemAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import type { Reading } from './kinds.ts';

/** A sequence that is to repeat does so for this share of its operations: a recorder may lose some, and a first iteration differ by one or two. */
const REPEATS: Share = 0.98;
/** Two microbatches go forward and come back. */
const FEWEST_OPERATIONS = 4;
/** So many ways to part a window are tried. */
const TRIED = 2;

/** Share of operations that are of the kind of the one so many places later. */
function likeness({ operations }: Reading, lag: number): Share {
  const n = operations.length - lag;
  let same = 0;
  for (let i = 0; i < n; i++) if (itemAt(operations, i).kind === itemAt(operations, i + lag).kind) same++;
  return n <= 0 ? 0 : same / n;
}

const isTurn = ({ operations }: Reading, at: number) => itemAt(operations, at).kind === 0 && itemAt(operations, at - 1).kind !== 0;

/** When iterations after the first begin, by their number, where the kinds of operations repeat so often: each with a forward that follows other work. */
function periodsOf(readings: readonly Reading[]): ReadonlyMap<number, readonly Ns[]> {
  const out = new Map<number, readonly Ns[]>();
  for (const reading of readings) {
    const n = reading.operations.length;
    for (let times = 2; times * FEWEST_OPERATIONS <= n; times++) {
      const lag = n / times;
      if (!Number.isInteger(lag) || out.has(times)) continue;
      const starts = Array.from({ length: times - 1 }, (_, i) => (i + 1) * lag);
      if (starts.every(at => isTurn(reading, at)) && likeness(reading, lag) >= REPEATS)
        out.set(
          times,
          starts.map(at => itemAt(reading.operations, at).segment.start),
        );
    }
  }
  return out;
}

/**
 * Ways in which a window may part into iterations by the period of what ran in it, the shortest first. For each, when iterations after the first begin on each lane. A lane that
 * lost something begins with the forward after other work that is nearest to the first of the others.
 * @param lanes readings of each
 */
export function startsByPeriod(lanes: readonly (readonly Reading[])[]): (readonly (readonly Ns[])[])[] {
  const each = lanes.map(periodsOf);
  const votes = new Map<number, number>();
  for (const periods of each) for (const times of periods.keys()) votes.set(times, (votes.get(times) ?? 0) + 1);
  const agreed = [...votes].filter(([, n]) => 2 * n > lanes.length).map(([times]) => times);
  return agreed
    .sort((a, b) => b - a)
    .slice(0, TRIED)
    .map(times => {
      const shared = Array.from({ length: times - 1 }, (_, k) => Math.min(...each.flatMap(m => m.get(times)?.[k] ?? [])));
      return each.map((periods, l) => periods.get(times) ?? shared.map(t => nearestTurn(itemAt(lanes, l)[0], t)));
    });
}

/** The start of the forward after other work that is nearest to a moment; that moment where there is none. */
export function nearestTurn(reading: Reading | undefined, t: Ns): Ns {
  const turns = (reading?.operations ?? []).flatMap((o, i) =>
    i > 0 && reading !== undefined && isTurn(reading, i) ? [o.segment.start] : [],
  );
  return turns.reduce((a, b) => (Math.abs(b - t) < Math.abs(a - t) ? b : a), turns[0] ?? t);
}
