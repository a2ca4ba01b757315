import { itemAt, valueAt } from '#core/columns';
import { automaticBlockLength } from '#core/math/block-length';
import { ascendingOrder } from '#core/math/spans';
import type { DelayBreakdown } from './delay-breakdown.ts';

/**
 * Which requests depend on one another, as numbers from 0: those that the same incident delayed the most, or that waited in its backlog;
 * the others in blocks of neighbours by arrival, as long as their times depend on those before them.
 */
export function clustersOf(delays: readonly DelayBreakdown[]): Uint32Array {
  const out = new Uint32Array(delays.length);
  const numbers = new Map<number, number>();
  const alone: number[] = [];
  for (const i of ascendingOrder(delays.map(b => b.request.arrival))) {
    const incident = incidentOf(itemAt(delays, i));
    if (incident === undefined) {
      alone.push(i);
      continue;
    }
    const number = numbers.get(incident) ?? numbers.size;
    numbers.set(incident, number);
    out[i] = number;
  }
  const blocks = blocksOf(alone.map(i => itemAt(delays, i).request.timeMs));
  for (const [k, i] of alone.entries()) out[i] = numbers.size + valueAt(blocks, k);
  return out;
}

/** Blocks of neighbours, as numbers from 0, as long as values depend on those before them. */
export function blocksOf(values: ArrayLike<number>): Uint32Array {
  const length = Math.ceil(automaticBlockLength(values));
  return Uint32Array.from(values, (_, i) => Math.floor(i / length));
}

/** The incident that cost a request the most. */
export function incidentOf({ byIncident, behind }: DelayBreakdown): number | undefined {
  let most = 0;
  let found = behind;
  for (const [k, parts] of byIncident) {
    const ms = [...parts.values()].reduce((a, b) => a + b, 0);
    if (ms <= most) continue;
    most = ms;
    found = k;
  }
  return found;
}
