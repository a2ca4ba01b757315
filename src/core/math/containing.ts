import { realAt, valueAt } from '#core/columns';
import { ascendingOrder, upperBound } from './spans.ts';

/** Indices of the stretches that contain all of [from, to], ends included, in order of their starts. */
export type Containing = (from: number, to: number) => readonly number[];

/**
 * Prepares many stretches that may overlap, to be asked which contain another: in time proportional to how many do, times a logarithm. A tree
 * over the stretches in order of start holds the latest end below each of its nodes, so that whole branches which are over are passed by.
 */
export function containingOf(start: Float64Array, end: Float64Array): Containing {
  const order = ascendingOrder(start);
  const starts = Float64Array.from(order, i => realAt(start, i));
  let leaves = 1;
  while (leaves < order.length) leaves *= 2;
  const latest = new Float64Array(2 * leaves).fill(Number.NEGATIVE_INFINITY);
  for (let k = 0; k < order.length; k++) latest[leaves + k] = realAt(end, valueAt(order, k));
  for (let node = leaves - 1; node > 0; node--) latest[node] = Math.max(realAt(latest, 2 * node), realAt(latest, 2 * node + 1));

  /** Adds what contains up to `to` below a node, which stands for `size` stretches from the `first` on; only the first `begun` of all count. */
  const collect = (node: number, first: number, size: number, begun: number, to: number, out: number[]): void => {
    if (first >= begun || realAt(latest, node) < to) return;
    if (size === 1) {
      out.push(valueAt(order, first));
      return;
    }
    const half = size / 2;
    collect(2 * node, first, half, begun, to, out);
    collect(2 * node + 1, first + half, half, begun, to, out);
  };
  return (from, to) => {
    const out: number[] = [];
    collect(1, 0, leaves, upperBound(starts, from), to, out);
    return out;
  };
}
