import { max, min, sum } from 'd3-array';
import { itemAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { countKinds, type Hypothesis, KIND, type RankOrder } from './hypotheses.ts';
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
  /** Those of them that were seen, though the order has no place for them. */
  readonly extra: number;
}

/** An order is no longer looked at beyond this share of its length: it is not the one. */
const LOOKED_AT = 0.3;
/** More kinds of work than this beside forwards are not told apart. */
const MOST_KINDS = 4;

/** Every way to take the kinds of a reading for backwards of inputs, or whole ones, and for those of weights. */
function meaningsOf(reading: Reading, splits: boolean): number[][] {
  const k = Math.min(reading.kinds, MOST_KINDS);
  return Array.from({ length: splits ? 2 ** k : 1 }, (_, bits) => [
    KIND.F,
    ...Array.from({ length: reading.kinds }, (_, i) => (i < k && (bits >> i) & 1 ? KIND.W : KIND.B)),
  ]);
}

/** Readings with a meaning, as sequences of kinds. */
interface Meant {
  readonly reading: Reading;
  readonly kinds: readonly number[];
  readonly counts: readonly number[];
  readonly text: string;
}

/** Compares what was seen with orders, and remembers: the iterations of a trace are alike. */
export class OrderCosts {
  readonly #known = new Map<string, number>();
  readonly #names = new Map<object, number>();
  readonly #meant = new Map<RankSeen, readonly Meant[]>();

  #meantBy(seen: RankSeen, splits: boolean): readonly Meant[] {
    const all = getOrCompute(this.#meant, seen, () =>
      seen.readings.flatMap(reading =>
        meaningsOf(reading, true).map(meaning => {
          const kinds = reading.operations.map(o => valueAt(meaning, o.kind));
          return { reading, kinds, counts: countKinds(kinds), text: kinds.join('') };
        }),
      ),
    );
    return splits ? all : all.filter(x => x.counts[KIND.W] === 0);
  }

  /** The least that a way to read a rank can differ from an order: by the numbers of its operations of each kind. */
  #leastOf({ counts }: Meant, order: RankOrder): number {
    return sum(counts, (n, k) => Math.abs(n - valueAt(order.counts, k)));
  }

  /** The least that a rank can differ from an order, whatever the order of its operations. */
  least(seen: RankSeen, order: RankOrder, splits: boolean): number {
    return min(this.#meantBy(seen, splits), x => this.#leastOf(x, order)) ?? 0;
  }

  /** The best way to read a rank if it had run this order; undefined where it differs by more than `most`, or cannot be read. */
  explain(seen: RankSeen, order: RankOrder, splits: boolean, most: number): Explained | undefined {
    let best: Explained | undefined;
    const limit = Math.min(most, Math.ceil(LOOKED_AT * order.kinds.length));
    const ways = this.#meantBy(seen, splits).map(x => ({ ...x, least: this.#leastOf(x, order) }));
    for (const { reading, kinds, text, least } of ways.sort((a, b) => a.least - b.least)) {
      const upTo = Math.min(limit, (best?.distance ?? Number.POSITIVE_INFINITY) - 1);
      if (least > upTo) break;
      const name = getOrCompute(this.#names, order, () => this.#names.size);
      const key = `${name}:${text}`;
      let distance = this.#known.get(key);
      if (distance === undefined) {
        distance = orderDistance(kinds, order.kinds, upTo);
        if (distance !== undefined) this.#known.set(key, distance);
      }
      if (distance !== undefined && distance <= upTo)
        best = { reading, kinds, distance, extra: (distance - order.kinds.length + kinds.length) / 2 };
    }
    return best;
  }
}

/** Pairs of an operation of the reading and a slot of the order. */
export const pairsOf = ({ kinds, distance }: Explained, order: RankOrder) => alignOrders(kinds, order.kinds, distance) ?? [];

/** How many operations have other kernels than most of them. */
function minority(texts: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.length - (max(counts.values()) ?? 0);
}

/**
 * By how much the kernels disagree with the chunks of a hypothesis: operations that it has on one chunk, though their kernels differ. The first and the last forward of an
 * iteration may, and so may the first backward of a chunk, which writes the gradients that the others add to; so do all where chunks are mixed up.
 */
export function mixedChunks(explained: Explained, order: RankOrder): number {
  const chunks = new Map<string, number[]>();
  for (const [i, j] of pairsOf(explained, order)) {
    const { kind, stage } = itemAt(order.slots, j);
    getOrCompute(chunks, `${kind}${stage}`, () => []).push(itemAt(explained.reading.operations, i).text);
  }
  return sum(chunks, ([key, texts]) => minority(key.startsWith('F') ? texts : texts.slice(1)));
}

/** The order of a hypothesis for each rank. */
export const orderOf = (h: Hypothesis, rank: number): RankOrder => itemAt(h.ranks, rank);
