import { realAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { align, matchInOrder } from './align.ts';
import type { SourceClock } from './clocks.ts';
import type { CollectiveStream, Ranks } from './ranks.ts';

/** The streams of ranks that meet in the same collectives: a communicator, by its id or, without it, as far as the trace can tell. */
export interface Group {
  /** Index into Ranks.streams, one for each participant; the first is the one that the others were matched with. */
  readonly streams: readonly number[];
  /** Collectives in which all took part. */
  readonly n: number;
  /** For each participant, for each collective, the index in its stream. */
  readonly index: readonly Int32Array[];
  /** Kernels of the participants that met no others: cut off by the window's edge, or lost. */
  readonly unmatched: number;
}

/** Ranks of one communicator leave within microseconds of each other: their ends scatter less than this, or this share of the usual distance between ends. */
const TOGETHER_NS = 20_000;
const TOGETHER_SHARE = 0.05;
/** How far the merged clocks may still be off, ns. */
const REACH_NS = 5e7;

/** Times of every stream on the first source's clock. */
export const onOneClock = ({ ranks, streams }: Ranks, clocks: readonly SourceClock[]): readonly CollectiveStream[] =>
  streams.map(c => {
    const add = clocks[ranks[c.rank]?.source ?? 0]?.add ?? (() => 0);
    return { ...c, start: c.start.map(t => t + add(t)), end: c.end.map(t => t + add(t)) };
  });

/** Distance between the ends of successive collectives, usually. */
function usualDistance(c: CollectiveStream): number {
  const step = Math.max(1, Math.floor(c.n / 1000));
  const distances: number[] = [];
  for (let i = 1; i < c.n; i += step) distances.push(realAt(c.end, i) - realAt(c.end, i - 1));
  return distances.length === 0 ? 0 : medianOf(distances);
}

/**
 * Finds which streams belong together and which of their collectives are the same: by kernel, by order and by their ends.
 * @param streams on one clock
 */
export function findGroups(streams: readonly CollectiveStream[], rankCount: number): readonly Group[] {
  const left = new Set(streams.map((_, i) => i));
  const groups: Group[] = [];
  // The longest sequences first: a short one that happens to fit must not claim a partner of a long one.
  const order = [...left].sort((x, y) => (streams[y]?.n ?? 0) - (streams[x]?.n ?? 0) || x - y);
  for (const seed of order) {
    const a = streams[seed];
    if (!left.has(seed) || a === undefined) continue;
    // Two ranks, or those that share an id and meet in collectives, need not be told from others by their ends.
    const limit =
      rankCount === 2 || (a.communicator !== '' && !a.pointToPoint)
        ? Number.POSITIVE_INFINITY
        : Math.max(TOGETHER_NS, TOGETHER_SHARE * usualDistance(a));
    const members = new Map<number, { stream: number; shift: number; spread: number }>();
    for (const other of order) {
      const b = streams[other];
      if (!left.has(other) || other === seed || b === undefined || b.rank === a.rank) continue;
      if (b.communicator !== a.communicator || b.pointToPoint !== a.pointToPoint) continue;
      const found = align(a, b, 0, REACH_NS);
      if (found === undefined || found.line.spread > limit) continue;
      const known = members.get(b.rank);
      if (known === undefined || found.line.spread < known.spread)
        members.set(b.rank, { stream: other, shift: found.shift, spread: found.line.spread });
    }
    if (members.size === 0) continue;
    const joined = [...members.values()].sort((x, y) => x.stream - y.stream);
    const matches = joined.map(m => matchInOrder(a, streams[m.stream] as CollectiveStream, m.shift, () => 0));
    const whole: number[] = [];
    for (let i = 0; i < a.n; i++) if (matches.every(m => (m[i] ?? -1) >= 0)) whole.push(i);
    const all = [seed, ...joined.map(m => m.stream)];
    for (const c of all) left.delete(c);
    groups.push({
      streams: all,
      n: whole.length,
      index: [Int32Array.from(whole), ...matches.map(m => Int32Array.from(whole, i => m[i] ?? -1))],
      unmatched: all.reduce((sum, c) => sum + (streams[c]?.n ?? 0) - whole.length, 0),
    });
  }
  return groups;
}
