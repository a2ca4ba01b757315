import { itemAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { type Hypothesis, KIND, type RankOrder } from './hypotheses.ts';
import type { Reading } from './kinds.ts';
import { alignOrders, orderDistance } from './order-distance.ts';

/** What was seen of one rank in one iteration. */
export interface RankSeen {
  /** Ways to read it. */
  readonly readings: readonly Reading[];
  /** Kernels and copies that carried messages. */
  readonly messages: number;
}

/** One way to read a rank under a hypothesis. */
export interface Explained {
  readonly reading: Reading;
  /** KIND of each of its operations. */
  readonly kinds: readonly number[];
  /** Operations that must be left out on either side. */
  readonly distance: number;
}

/** An order is no longer looked at beyond this share of its length: it is not the one. */
const LOOKED_AT = 0.3;
/** More kinds of work than this beside forwards are not told apart. */
const MOST_KINDS = 4;

/** Every way to take the kinds of a reading for backwards of inputs, or whole ones, and for those of weights. */
function meaningsOf(reading: Reading, splits: boolean): number[][] {
  const k = Math.min(reading.kinds, MOST_KINDS);
  const all = Array.from({ length: splits ? 2 ** k : 1 }, (_, bits) => [
    KIND.F,
    ...Array.from({ length: reading.kinds }, (_, i) => (i < k && (bits >> i) & 1 ? KIND.W : KIND.B)),
  ]);
  return all;
}

/** Remembers distances: the iterations of a trace are alike. */
export class OrderCosts {
  readonly #known = new Map<string, number>();
  readonly #names = new Map<object, number>();

  #nameOf(o: object): number {
    return getOrCompute(this.#names, o, () => this.#names.size);
  }

  /** The best way to read a rank if it had run this order. */
  explain(seen: RankSeen, order: RankOrder, splits: boolean): Explained | undefined {
    let best: Explained | undefined;
    const most = Math.ceil(LOOKED_AT * order.kinds.length);
    for (const reading of seen.readings)
      for (const meaning of meaningsOf(reading, splits)) {
        const kinds = reading.operations.map(o => valueAt(meaning, o.kind));
        const key = `${this.#nameOf(order)}:${kinds.join('')}`;
        const distance = getOrCompute(this.#known, key, () => orderDistance(kinds, order.kinds, most) ?? most + 1);
        if (best === undefined || distance < best.distance) best = { reading, kinds, distance };
      }
    return best;
  }
}

/** Pairs of an operation of the reading and a slot of the order. */
export const pairsOf = ({ kinds, distance }: Explained, order: RankOrder) => alignOrders(kinds, order.kinds, distance) ?? [];

/**
 * By how much the kernels disagree with the chunks of a hypothesis: forwards that it has on one chunk, though their kernels differ. The first and the last of an
 * iteration may, so do all where chunks are mixed up.
 */
export function mixedChunks(explained: Explained, order: RankOrder): number {
  const chunks = new Map<number, Map<number, number>>();
  for (const [i, j] of pairsOf(explained, order)) {
    const slot = itemAt(order.slots, j);
    if (slot.kind !== 'F') continue;
    const texts = getOrCompute(chunks, slot.stage, () => new Map<number, number>());
    const { text } = itemAt(explained.reading.operations, i);
    texts.set(text, (texts.get(text) ?? 0) + 1);
  }
  let mixed = 0;
  for (const texts of chunks.values()) {
    const counts = [...texts.values()];
    mixed += counts.reduce((a, b) => a + b, 0) - Math.max(...counts);
  }
  return mixed;
}

/**
 * By how much the number of messages disagrees: a kernel may carry one message, or all that is due between two operations. A number
 * that is neither, though between the two, is possible and odd.
 */
export function messageMisfit({ messages }: Pick<RankSeen, 'messages'>, order: RankOrder): number {
  if (messages === 0 || messages === order.messages || messages === order.exchanges) return 0;
  const outside = Math.max(0, order.exchanges - messages, messages - order.messages);
  return 1 + outside;
}

/** The order of a hypothesis for each rank. */
export const orderOf = (h: Hypothesis, rank: number): RankOrder => itemAt(h.ranks, rank);
