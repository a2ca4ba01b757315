import { valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { TEXTBOOKS } from '../schedules/index.ts';
import { range, type Shape, type Slot, type Textbook } from '../schedules/textbook.ts';

/** What kinds of operations are called in an order without names. */
export const KIND = { F: 0, B: 1, W: 2 } as const;

/** What one rank would do if a schedule of a certain shape had run. */
export interface RankOrder {
  readonly slots: readonly Slot[];
  /** KIND of each. */
  readonly kinds: readonly number[];
  /** How many of each KIND. */
  readonly counts: readonly number[];
}

/** A schedule and a shape that may have run. */
export interface Hypothesis {
  readonly textbook: Textbook;
  readonly shape: Shape;
  readonly ranks: readonly RankOrder[];
  /** Whether some backwards are split into inputs and weights. */
  readonly splits: boolean;
  /**
   * The kind that all of the first stage's backward stands for, where it is not split. It has no gradient to pass on: PyTorch runs all of it where others
   * run that of the weights; and where both follow each other, no message parts them.
   */
  readonly wholeAtFirst: 'B' | 'W' | undefined;
}

/** More chunks a device than this have not been seen. */
const MOST_CHUNKS = 8;

/** One microbatch runs in the order of every schedule. */
const FEWEST = 2;

/** How many of each KIND there are. */
export function countKinds(kinds: readonly number[]): number[] {
  const out = [0, 0, 0];
  for (const k of kinds) out[k] = valueAt(out, k) + 1;
  return out;
}

function rankOrder(slots: readonly Slot[]): RankOrder {
  const kinds = slots.map(o => KIND[o.kind]);
  return { slots, kinds, counts: countKinds(kinds) };
}

function hypothesis(textbook: Textbook, shape: Shape): Hypothesis[] {
  const orders = range(shape.p).map(rank => rankOrder(textbook.order(rank, shape)));
  const count = (kind: number) => orders.reduce((n, o) => n + valueAt(o.counts, kind), 0);
  const splits = count(KIND.W) > 0;
  const plain = { textbook, shape, ranks: orders, splits, wholeAtFirst: undefined };
  if (!splits || count(KIND.W) !== count(KIND.B)) return [plain];
  const atFirst = (keep: (o: Slot, before: Slot | undefined) => boolean) =>
    orders.map(o => (o.slots.some(s => s.stage === 0) ? rankOrder(o.slots.filter((s, i) => s.stage !== 0 || keep(s, o.slots[i - 1]))) : o));
  const isRest = (o: Slot, before: Slot | undefined) =>
    o.kind === 'W' && before?.kind === 'B' && before.stage === 0 && before.microbatch === o.microbatch;
  return [
    plain,
    { textbook, shape, ranks: atFirst(o => o.kind !== 'B'), splits, wholeAtFirst: 'W' },
    { textbook, shape, ranks: atFirst((o, before) => !isRest(o, before)), splits, wholeAtFirst: 'B' },
  ];
}

/** Every schedule of p ranks in which each rank runs so many forwards. */
function schedulesOf(p: number, forwards: number): Hypothesis[] {
  const shapes = range(MOST_CHUNKS).flatMap(i => [
    { p, m: forwards / (i + 1), v: i + 1 },
    // Where every microbatch passes a rank but once, whatever the number of its stages.
    ...(i === 1 ? [{ p, m: forwards, v: 2 }] : []),
  ]);
  // With fewer microbatches than ranks, chunks make no difference to the order.
  const possible = shapes.filter(s => Number.isInteger(s.m) && s.m >= (s.v > 1 ? p : FEWEST));
  return TEXTBOOKS.flatMap(textbook =>
    possible
      .filter(s => textbook.fits(s) && textbook.order(0, s).filter(o => o.kind === 'F').length === forwards)
      .flatMap(s => hypothesis(textbook, s)),
  );
}

/** Finds every schedule of p ranks with so many forwards a rank, and remembers: the iterations of a trace are alike. */
export type Hypotheses = (p: number, forwards: readonly number[]) => readonly Hypothesis[];

/** A memory of hypotheses for one trace. */
export function hypothesesOnce(): Hypotheses {
  const known = new Map<string, readonly Hypothesis[]>();
  return (p, forwards) => [...new Set(forwards)].flatMap(n => getOrCompute(known, `${p}:${n}`, () => schedulesOf(p, n)));
}
