import { itemAt, valueAt } from '#core/columns';
import { TEXTBOOKS } from '../schedules/index.ts';
import { range, type Shape, type Slot, slotKey, type Textbook } from '../schedules/textbook.ts';
import { dependencies } from '../simulate.ts';

/** What kinds of operations are called in an order without names. */
export const KIND = { F: 0, B: 1, W: 2 } as const;

/** What one rank would do if a schedule of a certain shape had run. */
export interface RankOrder {
  readonly slots: readonly Slot[];
  /** KIND of each. */
  readonly kinds: readonly number[];
  /** How many messages it would send and receive. */
  readonly messages: number;
  /** Between how many pairs of operations that follow one another it would send or receive: as many kernels do where each does all that is due. */
  readonly exchanges: number;
}

/** A schedule and a shape that may have run. */
export interface Hypothesis {
  readonly textbook: Textbook;
  readonly shape: Shape;
  readonly ranks: readonly RankOrder[];
  /** Whether some backwards are split into inputs and weights. */
  readonly splits: boolean;
  /** The first stage has no gradient to pass on, and all of its backward stands where others have that of the weights: so does PyTorch. */
  readonly wholeAtFirst: boolean;
}

/** More chunks a device than this have not been seen. */
const MOST_CHUNKS = 8;

function rankOrders(orders: readonly (readonly Slot[])[]): RankOrder[] {
  const rankOf = new Map<string, number>();
  for (const [rank, list] of orders.entries()) for (const o of list) rankOf.set(slotKey(o), rank);
  const sent = new Map<string, number>();
  const received = new Map<string, number>();
  for (const [rank, list] of orders.entries())
    for (const o of list)
      for (const key of dependencies(o)) {
        const from = rankOf.get(key);
        if (from === undefined || from === rank) continue;
        sent.set(key, (sent.get(key) ?? 0) + 1);
        received.set(slotKey(o), (received.get(slotKey(o)) ?? 0) + 1);
      }
  return orders.map(slots => {
    const out = slots.map(o => sent.get(slotKey(o)) ?? 0);
    const into = slots.map(o => received.get(slotKey(o)) ?? 0);
    const total = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
    const due = [...into, 0].map((n, i) => n + (i === 0 ? 0 : valueAt(out, i - 1)));
    const exchanges = due.filter(n => n > 0).length;
    return { slots, kinds: slots.map(o => KIND[o.kind]), messages: total(out) + total(into), exchanges };
  });
}

function hypothesis(textbook: Textbook, shape: Shape): Hypothesis[] {
  const orders = range(shape.p).map(rank => textbook.order(rank, shape));
  const all = orders.flat();
  const count = (kind: Slot['kind']) => all.filter(o => o.kind === kind).length;
  const splits = count('W') > 0;
  const plain = { textbook, shape, ranks: rankOrders(orders), splits, wholeAtFirst: false };
  if (!splits || count('W') !== count('B')) return [plain];
  const whole = orders.map(list => list.filter(o => o.kind !== 'B' || o.stage !== 0));
  return [plain, { textbook, shape, ranks: rankOrders(whole), splits, wholeAtFirst: true }];
}

/** Every schedule of p ranks in which each rank runs so many forwards. @param forwards numbers of forwards that may be right */
export function hypothesesOf(p: number, forwards: readonly number[]): Hypothesis[] {
  return [...new Set(forwards)].flatMap(n =>
    TEXTBOOKS.flatMap(textbook => {
      const shapes = range(MOST_CHUNKS).flatMap(i => [
        { p, m: n / (i + 1), v: i + 1 },
        // Where every microbatch passes a rank but once, whatever the number of its stages.
        ...(i === 1 ? [{ p, m: n, v: 2 }] : []),
      ]);
      return (
        shapes
          // With fewer microbatches than ranks, chunks make no difference to the order.
          .filter(s => Number.isInteger(s.m) && s.m >= (s.v > 1 ? p : 1) && textbook.fits(s))
          .filter(s => itemAt([textbook.order(0, s)], 0).filter(o => o.kind === 'F').length === n)
          .flatMap(s => hypothesis(textbook, s))
      );
    }),
  );
}
