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

/** How many of a number of kernels would be lost if so many were seen; undefined where that is more than a recorder loses. */
function lostOf(expected: number, seen: number): number | undefined {
  const lost = expected - seen;
  return lost >= 0 && lost <= 1 + MOST_LOST * expected ? lost : undefined;
}

/**
 * By how much the number of kernels that carried messages disagrees: each may carry one message, or all that is due between two operations. A number
 * between the two is possible, if odd; one beyond them is not.
 */
export function messageMisfit(seen: number, { messages, exchanges }: Exchanges): number {
  if (seen === 0 || messages === 0) return 0;
  const apart = Math.min(Math.abs(seen - messages), Math.abs(seen - exchanges)) / (SHARE_OF_ONE * messages);
  if (lostOf(messages, seen) !== undefined || lostOf(exchanges, seen) !== undefined) return apart;
  return 1 + Math.max(0, exchanges - seen, seen - messages) + apart;
}
