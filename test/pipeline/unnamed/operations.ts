import { itemAt } from '#core/columns';
import { range, type Slot, slotKey } from '#multi-gpu/pipeline/schedules/textbook';
import { dependencies, simulation } from '#multi-gpu/pipeline/simulate';
import type { UnnamedPlan } from './plan.ts';
import { type Random, randomOf } from './random.ts';

/** An operation as it ran. Times in ns since its iteration began. */
export interface Ran extends Slot {
  readonly rank: number;
  readonly start: number;
  readonly end: number;
  /** Its backward is whole, though those of other stages are split. */
  readonly whole: boolean;
  /** Messages that it needs, and that it makes. */
  readonly receives: number;
  readonly sends: number;
  /** The first of its kind and stage: a backward that has no gradients yet to add to. */
  readonly first: boolean;
}

const MS = 1e6;
/** Lengths of the three kinds; a whole backward takes both of the others. */
export const LENGTH = { F: 2 * MS, B: 2 * MS, W: 2 * MS } as const;
/** What a message takes. */
const MESSAGE = 0.05 * MS;

const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** The orders of all ranks. Where the first stage has no gradient to pass on, its backward comes whole where that of the weights would. */
function ordersOf({ textbook, shape, wholeAtFirst }: UnnamedPlan): { readonly orders: Slot[][]; readonly isWhole: (o: Slot) => boolean } {
  const orders = range(shape.p).map(rank => [...textbook.order(rank, shape)]);
  const split = new Set(orders.flat().flatMap(o => (o.kind === 'W' ? [`${o.microbatch}.${o.stage}`] : [])));
  const isSplit = (o: Slot) => split.has(`${o.microbatch}.${o.stage}`);
  const all = orders.flat();
  const every = all.filter(o => o.kind === 'B').every(isSplit);
  if (!wholeAtFirst || !every) return { orders, isWhole: o => o.kind === 'B' && !isSplit(o) };
  return {
    orders: orders.map(list =>
      list.filter(o => o.kind !== 'B' || o.stage !== 0).map(o => (o.stage === 0 && o.kind === 'W' ? { ...o, kind: 'B' } : o)),
    ),
    isWhole: o => o.kind === 'B' && o.stage === 0,
  };
}

/** One iteration of a plan, rank by rank, each in its order. */
export function ranOf(plan: UnnamedPlan, iteration: number): Ran[][] {
  const random = randomOf(plan.seed * 31 + iteration);
  const { orders, isWhole } = ordersOf(plan);
  const slow = range(plan.shape.p).map(() => 1 + plan.uneven * random.next());
  const lengthOf = (o: Slot, rank: number) =>
    Math.max(0.3, 1 + plan.jitter * normal(random)) *
    itemAt(slow, rank) *
    (LENGTH[o.kind] + (isWhole(o) ? LENGTH.W : 0)) *
    (plan.recompute && o.kind === 'B' ? 1.5 : 1);
  const tasks = orders.map((list, rank) =>
    list.map(o => {
      const duration = lengthOf(o, rank);
      return { ...o, duration, transfer: MESSAGE, delay: random.chance(plan.late) ? 3 * random.next() * duration : 0.002 * MS };
    }),
  );
  const run = simulation(orders)?.(tasks);
  if (run === undefined) throw new Error(`${plan.textbook.name} ${JSON.stringify(plan.shape)} waits in a circle`);
  const rankOf = new Map(orders.flatMap((list, rank) => list.map(o => [slotKey(o), rank] as const)));
  const sends = new Map<string, number>();
  const needs = (o: Slot, rank: number) => dependencies(o).filter(key => rankOf.has(key) && rankOf.get(key) !== rank);
  for (const [rank, list] of orders.entries())
    for (const o of list) for (const key of needs(o, rank)) sends.set(key, (sends.get(key) ?? 0) + 1);
  return orders.map((list, rank) =>
    list.map((o, i) => ({
      ...o,
      rank,
      start: run.start[rank]?.[i] ?? Number.NaN,
      end: run.end[rank]?.[i] ?? Number.NaN,
      whole: isWhole(o),
      receives: needs(o, rank).length,
      sends: sends.get(slotKey(o)) ?? 0,
      first: list.findIndex(x => x.kind === o.kind && x.stage === o.stage) === i,
    })),
  );
}
