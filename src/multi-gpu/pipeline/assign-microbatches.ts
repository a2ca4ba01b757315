import { group } from 'd3-array';
import { realAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { Assumed } from './assumptions.ts';
import type { FoundOperation } from './operation.ts';

/** An operation whose microbatch is known. */
export type Found = FoundOperation & { readonly microbatch: number };

export const startOf = (o: FoundOperation): Ns => realAt(o.work.start, 0);
export const endOf = (o: FoundOperation): Ns => realAt(o.work.end, o.work.n - 1);
/** `report:device`. */
export const deviceOf = (o: FoundOperation) => `${o.source}:${o.device}`;

/** Microbatches in one iteration, from a device whose names do not number them: forwards until every one had its backward. */
function countMicrobatches(sequences: readonly (readonly FoundOperation[])[]): number {
  // The first stage runs ahead the furthest, so that it is level only at the end of an iteration.
  const counts = sequences.map(sequence => {
    let ahead = 0;
    let forwards = 0;
    for (const o of sequence) {
      if (o.kind === 'F') {
        ahead++;
        forwards++;
      } else if (o.kind === 'B' && --ahead <= 0 && forwards > 0) return forwards;
    }
    return forwards;
  });
  return Math.max(1, ...counts);
}

/** Numbers what has no microbatch in its name by its order. */
export function assignMicrobatches(operations: readonly FoundOperation[], assumed: Assumed): Found[] {
  if (operations.every(o => o.microbatch !== undefined)) return operations as Found[];
  assumed.set('numbered-by-order', { what: 'numbered-by-order' });
  const sequences = [...group(operations, deviceOf).values()];
  const m = countMicrobatches(sequences);
  return sequences.flatMap(sequence => {
    const next = new Map<string, number>();
    return sequence.map(o => {
      const key = `${o.kind}:${o.stage}:${o.chunk}`;
      const n = next.get(key) ?? 0;
      next.set(key, n + 1);
      return { ...o, microbatch: o.microbatch ?? n % m };
    });
  });
}
