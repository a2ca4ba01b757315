import { realAt } from '#core/columns';
import { mergedOrder } from './merged-order.ts';

/** Disjoint half-open stretches [start, end) in ascending order, in any unit: in a trace ns. */
export interface Spans {
  readonly n: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

// Lists come here in many kinds, which V8 reads slowly through one function: so each loop below reads them itself, within its own bounds.

export const NO_SPANS: Spans = { n: 0, start: new Float64Array(0), end: new Float64Array(0) };

/** True when the values never fall. */
export function isAscending(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if ((values[i] ?? Number.NaN) < (values[i - 1] ?? Number.NaN)) return false;
  return true;
}

/** Indices that put the values in ascending order; equal values keep their order. */
export const ascendingOrder = (values: ArrayLike<number>): Uint32Array => mergedOrder(new Float64Array(values));

/**
 * Walks several lists at once in ascending order of their values, without sorting what is sorted already.
 * Calls visit(list, index) once for each element.
 */
export function mergeAscending(lists: readonly ArrayLike<number>[], visit: (list: number, index: number) => void): void {
  const orders = lists.map(l => (isAscending(l) ? undefined : ascendingOrder(l)));
  const at = lists.map(() => 0);
  const total = lists.reduce((n, l) => n + l.length, 0);
  for (let k = 0; k < total; k++) {
    let best = -1;
    let bestIndex = 0;
    let bestValue = Number.POSITIVE_INFINITY;
    for (let l = 0; l < lists.length; l++) {
      const list = lists[l];
      const position = at[l] ?? Number.NaN;
      if (list === undefined || position >= list.length) continue;
      const index = orders[l]?.[position] ?? position;
      const value = list[index] ?? Number.NaN;
      if (best < 0 || value < bestValue) {
        best = l;
        bestIndex = index;
        bestValue = value;
      }
    }
    at[best] = (at[best] ?? Number.NaN) + 1;
    visit(best, bestIndex);
  }
}

/** Union of stretches that may overlap. `start` must ascend; empty and negative stretches are dropped. */
export function union(start: ArrayLike<number>, end: ArrayLike<number>, keep: (i: number) => boolean = () => true): Spans {
  const s = new Float64Array(start.length);
  const e = new Float64Array(start.length);
  let n = 0;
  for (let i = 0; i < start.length; i++) {
    const a = start[i] ?? Number.NaN;
    const b = end[i] ?? Number.NaN;
    if (!(b > a) || !keep(i)) continue;
    const last = e[n - 1] ?? Number.NEGATIVE_INFINITY;
    if (n > 0 && a <= last) {
      if (b > last) e[n - 1] = b;
    } else {
      s[n] = a;
      e[n] = b;
      n++;
    }
  }
  return { n, start: s.slice(0, n), end: e.slice(0, n) };
}

/** Spans from pairs in any order. */
export function spansOf(pairs: readonly (readonly [number, number])[]): Spans {
  const sorted = [...pairs].sort((a, b) => a[0] - b[0]);
  return union(
    sorted.map(p => p[0]),
    sorted.map(p => p[1]),
  );
}

/** Total length. */
export function measure(spans: Spans): number {
  let total = 0;
  for (let i = 0; i < spans.n; i++) total += realAt(spans.end, i) - realAt(spans.start, i);
  return total;
}

/** What both have in common. */
export function intersect(a: Spans, b: Spans): Spans {
  const s = new Float64Array(a.n + b.n);
  const e = new Float64Array(a.n + b.n);
  let n = 0;
  let i = 0;
  let j = 0;
  while (i < a.n && j < b.n) {
    const from = Math.max(realAt(a.start, i), realAt(b.start, j));
    const to = Math.min(realAt(a.end, i), realAt(b.end, j));
    if (to > from) {
      s[n] = from;
      e[n] = to;
      n++;
    }
    if (realAt(a.end, i) < realAt(b.end, j)) i++;
    else j++;
  }
  return { n, start: s.slice(0, n), end: e.slice(0, n) };
}

/** What is left of [from, to) when the spans are taken out: the gaps. */
export function complement(spans: Spans, from: number, to: number): Spans {
  const s: number[] = [];
  const e: number[] = [];
  let at = from;
  // A lane is asked for thousands of short stretches: a search finds the first that reaches into it.
  for (let i = upperBound(spans.end, from); i < spans.n && at < to; i++) {
    const a = Math.min(realAt(spans.start, i), to);
    if (a > at) {
      s.push(at);
      e.push(a);
    }
    at = Math.max(at, realAt(spans.end, i));
  }
  if (to > at) {
    s.push(at);
    e.push(to);
  }
  return { n: s.length, start: Float64Array.from(s), end: Float64Array.from(e) };
}

/** What of `a` lies outside `b`. */
export const subtract = (a: Spans, b: Spans): Spans =>
  a.n === 0 ? NO_SPANS : intersect(a, complement(b, realAt(a.start, 0), realAt(a.end, a.n - 1)));

/** Index of the first value that is greater than x, in ascending values. */
export function upperBound(values: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((values[mid] ?? Number.NaN) <= x) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Index of the first value that is not below x, in ascending values. */
export function lowerBound(values: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((values[mid] ?? Number.NaN) < x) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** The part of spans inside [from, to). */
export function within(spans: Spans, from: number, to: number): Spans {
  const pairs: [number, number][] = [];
  for (let i = Math.max(0, upperBound(spans.start, from) - 1); i < spans.n && realAt(spans.start, i) < to; i++) {
    const a = Math.max(realAt(spans.start, i), from);
    const b = Math.min(realAt(spans.end, i), to);
    if (b > a) pairs.push([a, b]);
  }
  return spansOf(pairs);
}

/** How much of [from, to) some spans cover. */
type Coverage = (from: number, to: number) => number;

/** Those of spans that are asked about again: every iteration of a pipeline asks about all that its devices computed. */
const coverages = new WeakMap<Spans, Coverage>();

/** Answers "how much of [from, to) do the spans cover?" in logarithmic time. Spans never change, so that their sums are made once. */
export function coverage(spans: Spans): Coverage {
  const known = coverages.get(spans);
  if (known !== undefined) return known;
  const before = new Float64Array(spans.n + 1);
  for (let i = 0; i < spans.n; i++) before[i + 1] = realAt(before, i) + realAt(spans.end, i) - realAt(spans.start, i);
  const upTo = (t: number) => {
    const i = upperBound(spans.start, t) - 1;
    return i < 0 ? 0 : realAt(before, i) + Math.min(t, realAt(spans.end, i)) - realAt(spans.start, i);
  };
  const made = (from: number, to: number) => (to > from ? upTo(to) - upTo(from) : 0);
  coverages.set(spans, made);
  return made;
}
