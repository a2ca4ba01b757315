import { sum } from 'd3-array';
import { valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Share } from '#core/units';
import { slotKey } from '../schedules/textbook.ts';
import { dependencies } from '../simulate.ts';
import type { Hypothesis } from './hypotheses.ts';

/** What a rank would send and receive if a schedule had run. */
export interface Exchanges {
  /** Messages that it sends and receives. */
  readonly messages: number;
  /** Pairs of operations that follow one another with a message between: as many kernels run where each does all that is due. */
  readonly exchanges: number;
}

/** The messages of each rank of a hypothesis. */
function exchangesOf({ ranks }: Hypothesis): Exchanges[] {
  const rankOf = new Map<string, number>();
  for (const [rank, { slots }] of ranks.entries()) for (const o of slots) rankOf.set(slotKey(o), rank);
  const sent = new Map<string, number>();
  const into = ranks.map(({ slots }, rank) =>
    slots.map(o => {
      const from = dependencies(o).filter(key => (rankOf.get(key) ?? rank) !== rank);
      for (const key of from) sent.set(key, (sent.get(key) ?? 0) + 1);
      return from.length;
    }),
  );
  return ranks.map(({ slots }, rank) => {
    const received = into[rank] ?? [];
    const out = slots.map(o => sent.get(slotKey(o)) ?? 0);
    const due = [...received, 0].map((n, i) => n + (i === 0 ? 0 : valueAt(out, i - 1)));
    return { messages: sum(out) + sum(received), exchanges: due.filter(n => n > 0).length };
  });
}

/** The same, found once for each hypothesis. */
export type ExchangesOf = (h: Hypothesis) => readonly Exchanges[];

export function exchangesOnce(): ExchangesOf {
  const known = new Map<Hypothesis, readonly Exchanges[]>();
  return h => getOrCompute(known, h, () => exchangesOf(h));
}

/** A recorder loses no more than this share of the messages, but for one. */
const MOST_LOST: Share = 0.02;
/** A difference of this share of the messages counts as much as an operation out of order. */
const SHARE_OF_ONE: Share = 0.1;

/** What lies between two iterations may be of either: so many kernels. */
const BETWEEN = 1;

/** Whether so many kernels may be those that are due: a recorder loses some, and one more may be the next iteration's. */
const isFitting = (expected: number, seen: number): boolean => seen <= expected + BETWEEN && expected - seen <= 1 + MOST_LOST * expected;

/** By how much the number of kernels of one rank that carried messages differs from so many. */
function misfit(seen: number, expected: number, { messages, exchanges }: Exchanges): number {
  if (seen === 0 || messages === 0) return 0;
  const apart = Math.abs(seen - expected) / (SHARE_OF_ONE * messages);
  return isFitting(expected, seen) ? apart : 1 + Math.max(0, exchanges - seen, seen - messages) + apart;
}

/**
 * By how much the numbers of kernels that carried messages disagree: each may carry one message, or all that is due between two operations, but all ranks run one
 * program, so that what holds for one of them holds for all. A number between the two is possible, if odd; one beyond them is not.
 * @param seen kernels of each rank
 */
export function messageMisfit(seen: readonly number[], due: readonly Exchanges[]): number {
  const all = (expected: (e: Exchanges) => number) => sum(due, (e, rank) => misfit(valueAt(seen, rank), expected(e), e));
  return Math.min(
    all(e => e.messages),
    all(e => e.exchanges),
  );
}
