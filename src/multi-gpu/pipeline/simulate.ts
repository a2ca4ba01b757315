import { itemAt, realAt, valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import { type Slot, slotKey } from './schedules/textbook.ts';

/** One operation of a rank, with what it takes. */
export interface Task extends Slot {
  readonly duration: Ns;
  /** How long its device cannot begin anything else after it, though its result is on its way. */
  readonly after?: Ns;
  /** From the producer's end until the data is where this operation needs it. */
  readonly transfer?: Ns;
  /** Beginning that much later than its device and its inputs allow. */
  readonly delay?: Ns;
}

/** How the operations of all ranks ran in a simulation. */
export interface Simulated {
  /** From the first beginning to the last end. */
  readonly length: Ns;
  /** Start and end of each task, ns, in the order of the input. */
  readonly start: readonly Float64Array[];
  readonly end: readonly Float64Array[];
}

/** What an operation needs before it can begin, as slot keys; those that no rank runs are taken for done. */
export function dependencies(o: Slot): string[] {
  switch (o.kind) {
    case 'F':
      return [slotKey({ ...o, stage: o.stage - 1 })];
    case 'B':
      return [slotKey({ ...o, stage: o.stage + 1 }), slotKey({ ...o, kind: 'F' })];
    case 'W':
      return [slotKey({ ...o, kind: 'B' })];
  }
}

interface Node {
  readonly rank: number;
  readonly index: number;
  /** Positions in the order of running, -1 for none: what ran before on the same device, and the inputs. */
  readonly previous: number;
  readonly inputs: readonly { readonly position: number; readonly elsewhere: boolean }[];
}

/** An order of running in which everything comes after what it waits for; undefined where some wait for each other in a circle. */
function runningOrder(ranks: readonly (readonly Slot[])[]): Node[] | undefined {
  const rankOf = new Map<string, number>();
  for (const [rank, list] of ranks.entries()) for (const o of list) rankOf.set(slotKey(o), rank);
  const position = new Map<string, number>();
  const nodes: Node[] = [];
  const at = ranks.map(() => 0);
  const last = ranks.map(() => -1);
  const total = ranks.reduce((n, list) => n + list.length, 0);
  for (let moved = true; nodes.length < total && moved; ) {
    moved = false;
    for (const [rank, list] of ranks.entries()) {
      for (let index = valueAt(at, rank); index < list.length; index++) {
        const o = itemAt(list, index);
        const needs = dependencies(o).filter(key => rankOf.has(key));
        if (!needs.every(key => position.has(key))) break;
        position.set(slotKey(o), nodes.length);
        nodes.push({
          rank,
          index,
          previous: valueAt(last, rank),
          inputs: needs.map(key => ({ position: position.get(key) ?? Number.NaN, elsewhere: rankOf.get(key) !== rank })),
        });
        last[rank] = nodes.length - 1;
        at[rank] = index + 1;
        moved = true;
      }
    }
  }
  return nodes.length < total ? undefined : nodes;
}

/**
 * Prepares the operations of every rank, in their order, for being run with one set of times after the other: each operation
 * begins as soon as its device is free and its inputs are there.
 */
export function simulation(ranks: readonly (readonly Slot[])[]): ((tasks: readonly (readonly Task[])[]) => Simulated) | undefined {
  const nodes = runningOrder(ranks);
  if (nodes === undefined) return undefined;
  return tasks => {
    const start = ranks.map(list => new Float64Array(list.length));
    const end = ranks.map(list => new Float64Array(list.length));
    const ends = new Float64Array(nodes.length);
    const free = new Float64Array(nodes.length);
    let first = Number.POSITIVE_INFINITY;
    let latest = 0;
    for (const [position, node] of nodes.entries()) {
      const task = itemAt(tasks[node.rank], node.index);
      let ready = node.previous < 0 ? 0 : realAt(free, node.previous);
      for (const input of node.inputs) ready = Math.max(ready, realAt(ends, input.position) + (input.elsewhere ? (task.transfer ?? 0) : 0));
      const begin = ready + (task.delay ?? 0);
      const done = begin + task.duration;
      ends[position] = done;
      free[position] = done + (task.after ?? 0);
      itemAt(start, node.rank)[node.index] = begin;
      itemAt(end, node.rank)[node.index] = done;
      first = Math.min(first, begin);
      latest = Math.max(latest, done);
    }
    return { length: nodes.length === 0 ? 0 : latest - first, start, end };
  };
}
