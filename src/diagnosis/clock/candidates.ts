import { realAt } from '#core/columns';
import type { Ns } from '#core/units';
import { crossCorrelation } from './cross-correlation.ts';

/** Bins a step: fine enough to tell neighbouring steps apart, coarse enough for the scatter of delivery. */
const BINS_A_STEP = 8;
/** More bins than this take too long, and more memory than a trace: 2^22 bins of half a millisecond are 35 minutes. */
const MOST_BINS = 2 ** 22;
/** How many peaks are looked at closely. */
const CLOSE_LOOKS = 24;

/** Offsets at which the events of `a` may fall on those of `b`; empty when both together last too long for the fineness that is needed. */
export function candidateOffsets(a: Float64Array, b: Float64Array, step: Ns, leastOverlap: Ns): Ns[] {
  const bin = step / BINS_A_STEP;
  const [a0, b0] = [realAt(a, 0), realAt(b, 0)];
  const length = (events: Float64Array) => Math.ceil(((events.at(-1) ?? Number.NaN) - realAt(events, 0)) / bin) + 1;
  const [na, nb] = [length(a), length(b)];
  if (na + nb > MOST_BINS) return [];
  const { firstLag, values } = crossCorrelation(train(a, a0, bin, na), train(b, b0, bin, nb));
  const least = leastOverlap / bin;
  const [insideA, insideB] = [countsUpTo(a, a0, bin, na), countsUpTo(b, b0, bin, nb)];
  // What falls on one another is set against what there is to fall: a short overlap must not lose to a long one, nor win by chance.
  const scores = values.map((value, k) => {
    const lag = firstLag + k;
    const [from, to] = [Math.max(0, lag), Math.min(nb, na + lag)];
    if (to - from < least) return 0;
    const events = Math.min(insideB(to) - insideB(from), insideA(to - lag) - insideA(from - lag));
    return events > 0 ? value / Math.sqrt(events) : 0;
  });
  return peaks(scores, BINS_A_STEP >> 1).map(k => (firstLag + k) * bin + b0 - a0);
}

/** Events in bins, each smeared over its neighbours, less the mean: gaps count as much as events. */
function train(events: Float64Array, zero: Ns, bin: Ns, n: number): Float64Array {
  const out = new Float64Array(n);
  for (const t of events) {
    const i = Math.round((t - zero) / bin);
    for (const [j, weight] of [
      [i - 1, 0.5],
      [i, 1],
      [i + 1, 0.5],
    ] as const)
      if (j >= 0 && j < n) out[j] = Math.max(realAt(out, j), weight);
  }
  const mean = out.reduce((s, v) => s + v, 0) / n;
  return out.map(v => v - mean);
}

/** How many events lie in the bins before one (an index). */
function countsUpTo(events: Float64Array, zero: Ns, bin: Ns, n: number): (bin: number) => number {
  const counts = new Float64Array(n + 1);
  for (const t of events) {
    const i = Math.min(n - 1, Math.round((t - zero) / bin));
    counts[i + 1] = realAt(counts, i + 1) + 1;
  }
  for (let i = 0; i < n; i++) counts[i + 1] = realAt(counts, i + 1) + realAt(counts, i);
  return k => realAt(counts, Math.max(0, Math.min(n, k)));
}

/** Indices of the highest values that are highest among their neighbours, the highest first. */
function peaks(values: Float64Array, apart: number): number[] {
  const found: number[] = [];
  for (let k = 0; k < values.length; k++) {
    const v = realAt(values, k);
    let highest = v > 0;
    for (let j = Math.max(0, k - apart); highest && j <= Math.min(values.length - 1, k + apart); j++) {
      const other = realAt(values, j);
      highest = other < v || (other === v && j >= k);
    }
    if (highest) found.push(k);
  }
  return found.sort((x, y) => realAt(values, y) - realAt(values, x)).slice(0, CLOSE_LOOKS);
}
