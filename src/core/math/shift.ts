import { randomLcg } from 'd3-random';
import { itemAt, valueAt } from '#core/columns';
import { type Confidence, confidenceByTypicalValues } from './confidence.ts';
import { SEED } from './seed.ts';

/** Ways to part the values in two that are drawn; where there are no more of them, all are taken. */
const DRAWN = 9_999;

const sumOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0);

/** How many ways there are to say which of so many values lie before and which after. */
export function waysToPart(before: number, after: number): number {
  let all = 1;
  for (let i = 1; i <= after; i++) all = (all * (before + i)) / i;
  return Math.round(all);
}

/** Calls for each set of k of n indices; the same array each time. */
function everySet(n: number, k: number, take: (indices: readonly number[]) => void): void {
  const indices = Array.from({ length: k }, (_, i) => i);
  for (;;) {
    take(indices);
    let at = k - 1;
    while (at >= 0 && indices[at] === n - k + at) at--;
    if (at < 0) return;
    indices[at] = valueAt(indices, at) + 1;
    for (let i = at + 1; i < k; i++) indices[i] = valueAt(indices, i - 1) + 1;
  }
}

function drawnSets(n: number, k: number, take: (indices: readonly number[]) => void): void {
  const random = randomLcg(SEED);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let draw = 0; draw < DRAWN; draw++) {
    for (let i = 0; i < k; i++) {
      const j = i + Math.floor(random() * (n - i));
      [order[i], order[j]] = [itemAt(order, j), itemAt(order, i)];
    }
    take(order.slice(0, k));
  }
}

/**
 * Of how much larger the values after are than those before, by permutation of what is before and what after, exact whatever their
 * distribution (Fisher 1935; intervals by inversion: Ernst 2004, Statistical Science 19:676). The smallest level that it can reach is one
 * over the number of ways to part the values.
 * @returns undefined where a side is empty
 */
export function confidenceOfShift(before: readonly number[], after: readonly number[]): Confidence | undefined {
  const k = after.length;
  const n = before.length + k;
  if (k === 0 || k === n) return undefined;
  const all = [...after, ...before];
  const total = sumOf(all);
  const gap = (sum: number) => sum / k - (total - sum) / (n - k);
  const estimate = gap(sumOf(after));
  const typical: number[] = [];
  (waysToPart(n - k, k) <= DRAWN ? everySet : drawnSets)(n, k, indices => {
    // Were the shift d, the gap of these would be `gap - d * weight`: it reaches the gap that was seen from this shift on.
    const kept = indices.reduce((count, i) => count + (i < k ? 1 : 0), 0);
    const weight = kept / k - (k - kept) / (n - k);
    if (kept < k) typical.push((estimate - gap(indices.reduce((sum, i) => sum + valueAt(all, i), 0))) / (1 - weight));
  });
  return confidenceByTypicalValues(estimate, Float64Array.from(typical).sort());
}
