import { group, sum } from 'd3-array';
import { intAt, itemAt, realAt, valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { CollectiveStream, Ranks } from '#multi-gpu/ranks/ranks';
import type { Collectives } from '#schema/collectives';
import type { LateCause } from './late-cause.ts';
import type { Waits } from './waits.ts';

type LateRank = Collectives['late'][number];

/** Stragglers that are looked into one by one: the longest, and as many spread over the rest. */
const JUDGED = 64;
/** Waits shown of each late rank. */
const SHOWN = 10;

/** One participant's wait for a late one. */
interface Waiting {
  /** Index into Ranks.ranks. */
  readonly rank: number;
  /** Its kernel: index in its source's GpuOps. */
  readonly op: number;
  readonly ns: Ns;
}

/** A collective that one rank entered late. */
export interface Straggler extends LateCause {
  /** The late one: index into Ranks.ranks. */
  readonly rank: number;
  /** Entry, on the first source's clock. */
  readonly start: Ns;
  /** When the wait for it began: the median entry of the others. */
  readonly waitFrom: Ns;
  /** What a mean other participant waited for it. */
  readonly wait: Ns;
  /** What each other waited. */
  readonly waiting: readonly Waiting[];
  readonly lateness: Ns;
}

/** Stragglers, and what looks so but follows from the order of the program's work. */
export interface Stragglers {
  readonly late: readonly Straggler[];
  readonly scheduled: readonly Straggler[];
}

/** After a send or a receive, more work on the GPU than the others have is the next step of the program's order (the last backward of a pipeline's first stage): no fault. */
const WORK: readonly LateCause['cause'][] = ['stage-imbalance', 'unexplained'];

/**
 * The stragglers of a group, with their causes.
 * @param isLate which collectives one rank entered late
 * @param streams those that the group indexes, on the clock of the waits
 * @param sentOrReceivedIn whether a rank sent or received in (from, to], on that clock
 */
export function findStragglers(
  waits: Waits,
  isLate: (i: number) => boolean,
  streams: readonly CollectiveStream[],
  causeOf: (waits: Waits, i: number) => LateCause,
  sentOrReceivedIn: (rank: number, from: Ns, to: Ns) => boolean,
): Stragglers {
  const late: number[] = [];
  for (let i = 0; i < waits.n; i++) if (isLate(i)) late.push(i);
  const longest = late.toSorted((a, b) => realAt(waits.lateness, b) - realAt(waits.lateness, a) || a - b);
  const judged = new Set(longest.slice(0, JUDGED));
  const step = Math.max(1, Math.ceil(late.length / JUDGED));
  for (let k = 0; k < late.length; k += step) judged.add(valueAt(late, k));
  /** The cause of the nearest judged entry of the same rank stands for those that were not. */
  const nearest = new Map<number, LateCause>();
  const scheduled: Straggler[] = [];
  const out: Straggler[] = [];
  for (const i of late) {
    const p = intAt(waits.last, i);
    const start = waits.startOf(p, i);
    const waiting = waits.ranks.flatMap((rank, q) => {
      if (q === p) return [];
      const op = intAt(streams[valueAt(waits.group.streams, q)]?.op, intAt(waits.group.index[q], i));
      return [{ rank, op, ns: Math.max(0, Math.min(start - waits.startOf(q, i), waits.lengthOf(q, i) - realAt(waits.transfer, i))) }];
    });
    const found = judged.has(i) ? causeOf(waits, i) : (nearest.get(p) ?? causeOf(waits, i));
    nearest.set(p, found);
    const lateness = realAt(waits.lateness, i);
    const wait = sum(waiting, w => w.ns) / waiting.length;
    const rank = valueAt(waits.ranks, p);
    const previous = i > 0 ? waits.startOf(p, i - 1) + waits.lengthOf(p, i - 1) : Number.NEGATIVE_INFINITY;
    const list = WORK.includes(found.cause) && sentOrReceivedIn(rank, previous, start) ? scheduled : out;
    list.push({ rank, start, waitFrom: start - lateness, wait, waiting, lateness, ...found });
  }
  return { late: out, scheduled };
}

/** Late ranks by rank and cause, the longest wait first. @param from start of the report's window */
export function lateRanks(entries: readonly Straggler[], ranks: Ranks['ranks'], from: Ns): LateRank[] {
  return [...group(entries, e => `${e.rank}:${e.cause}`).values()]
    .map((list): LateRank => {
      const { rank, cause } = itemAt(list, 0);
      const longest = list.toSorted((a, b) => b.wait - a.wait || a.start - b.start);
      return {
        rank: itemAt(ranks, rank).label,
        count: list.length,
        wait_ms: sum(list, e => e.wait) / 1e6,
        cause,
        why: itemAt(longest, 0).why,
        worst: longest.slice(0, SHOWN).map(e => ({ start_ms: (e.waitFrom - from) / 1e6, wait_ms: e.wait / 1e6, cause: e.cause })),
      };
    })
    .sort((a, b) => b.wait_ms - a.wait_ms || (a.rank < b.rank ? -1 : 1));
}
