import { realAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { type RobustLine, robustLine } from '#core/math/robust-line-fit';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { CollectiveStream } from './ranks.ts';

/** How the collectives of one stream lie beside those of another. */
export interface Alignment {
  /** Collective i of the first is collective i + shift of the second, as far as nothing was lost. */
  readonly shift: number;
  /** What must be added to times of the second, after its nominal offset, so that the ends of the collectives agree. */
  readonly line: RobustLine;
  /** Share of the compared collectives of which the kernels agree. */
  readonly agreement: Share;
  /** Compared. */
  readonly n: number;
}

/** Points at which two sequences are compared: few for the thousands of shifts that are possible, more for those that look right. */
const FEW_ANCHORS = 24;
const ANCHORS = 128;
/** Shifts that are looked at closely. */
const LOOKED_AT = 32;
/** Kernels must agree at this share of them, or it is another sequence. */
const LEAST_AGREEMENT: Share = 0.9;
/** Share of the shorter sequence that must lie beside the longer: few points always agree. */
const LEAST_OVERLAP: Share = 0.3;
/** A shift whose ends scatter less than this many times the best one's is as good: the nominal clock then decides. */
const AS_GOOD = 2;
/** Resolution of the GPU's clock, ns, and of what ranks leaving together can show. */
const RESOLUTION_NS = 1000;

/**
 * Finds which collective of `b` is which of `a`, by order: the shift at which their kernels agree and their ends differ by the steadiest
 * amount, since all ranks leave a collective together. `nominal` is added to the times of b first.
 * @param reach how far off the nominal clocks may be, ns: shifts that imply more are not tried
 */
export function align(a: CollectiveStream, b: CollectiveStream, nominal: Ns, reach: Ns): Alignment | undefined {
  if (a.n === 0 || b.n === 0) return undefined;
  if (b.n < a.n) {
    const turned = align(b, a, -nominal, reach);
    return turned === undefined ? undefined : { ...turned, shift: -turned.shift, line: negative(turned.line, nominal) };
  }
  const few = anchorsOf(a.n, FEW_ANCHORS);
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const i of few) {
    const t = realAt(a.end, i) - nominal;
    lowest = Math.min(lowest, upperBound(b.end, t - reach) - 1 - i);
    highest = Math.max(highest, upperBound(b.end, t + reach) + 1 - i);
  }
  const rough: Alignment[] = [];
  for (let shift = Math.max(lowest, 1 - a.n); shift <= Math.min(highest, b.n - 1); shift++) {
    const found = tryShift(a, b, nominal, shift, few);
    if (found !== undefined && fits(found, few.length) && Math.abs(found.line.middle) <= reach) rough.push(found);
  }
  const many = anchorsOf(a.n, ANCHORS);
  const usable = rough
    .sort((x, y) => x.line.spread - y.line.spread || Math.abs(x.line.middle) - Math.abs(y.line.middle))
    .slice(0, LOOKED_AT)
    .flatMap(r => tryShift(a, b, nominal, r.shift, many) ?? [])
    .filter(t => fits(t, many.length));
  const best = usable.reduce((m, t) => Math.min(m, t.line.spread), Number.POSITIVE_INFINITY);
  return usable
    .filter(t => t.line.spread <= AS_GOOD * best + RESOLUTION_NS)
    .sort((x, y) => Math.abs(x.line.middle) - Math.abs(y.line.middle))[0];
}

const fits = (found: Alignment, anchors: number) => found.agreement >= LEAST_AGREEMENT && found.n >= LEAST_OVERLAP * anchors;

/** The line of the same pair the other way round. It is read at times of the other clock: a slope of 200 ppm makes no difference over a skew. */
const negative = (line: RobustLine, nominal: Ns): RobustLine => ({
  ...line,
  middle: -line.middle,
  slope: -line.slope,
  at: t => -line.at(t - nominal),
});

/** Indices spread evenly over a sequence, both ends among them. */
function anchorsOf(n: number, most: number): readonly number[] {
  const count = Math.min(most, n);
  return Array.from({ length: count }, (_, k) => (count === 1 ? 0 : Math.floor((k * (n - 1)) / (count - 1))));
}

function tryShift(a: CollectiveStream, b: CollectiveStream, nominal: Ns, shift: number, anchors: readonly number[]): Alignment | undefined {
  const times: number[] = [];
  const differences: number[] = [];
  let compared = 0;
  for (const i of anchors) {
    const j = i + shift;
    if (j < 0 || j >= b.n) continue;
    compared++;
    if (a.kind[i] !== b.kind[j]) continue;
    times.push(realAt(a.end, i));
    differences.push(realAt(a.end, i) - realAt(b.end, j) - nominal);
  }
  if (times.length === 0) return undefined;
  return { shift, line: robustLine(times, differences), agreement: times.length / compared, n: times.length };
}

/** How far ahead to look for what was lost. */
const LOST = 8;
/** Collectives that vote on whether something was lost. */
const VOTERS = 8;
/** Ends this far apart, on one clock, raise the question. */
const DOUBT_NS = 20_000;

/**
 * Matches the collectives of two streams one by one, in order. Where kernels disagree, or ends lie apart while a small shift would
 * bring this and the next ones together, records were lost on one side: those are left unmatched.
 * @param clock what to add to a time of b to be on a's clock
 * @returns for each of a, the index in b, or -1
 */
export function matchInOrder(a: CollectiveStream, b: CollectiveStream, shift: number, clock: (t: Ns) => Ns): Int32Array {
  const out = new Int32Array(a.n).fill(-1);
  const endOfB = (j: number) => realAt(b.end, j) + clock(realAt(b.end, j));
  const agrees = (i: number, j: number) => i < a.n && j < b.n && a.kind[i] === b.kind[j];
  const apart = (i: number, j: number) => {
    const votes: number[] = [];
    for (let k = 0; k < VOTERS && i + k < a.n && j + k < b.n; k++)
      votes.push(agrees(i + k, j + k) ? Math.abs(realAt(a.end, i + k) - endOfB(j + k)) : Number.POSITIVE_INFINITY);
    return votes.length === 0 ? Number.POSITIVE_INFINITY : medianOf(votes);
  };
  let i = Math.max(0, -shift);
  let j = Math.max(0, shift);
  while (i < a.n && j < b.n) {
    if (agrees(i, j) && Math.abs(realAt(a.end, i) - endOfB(j)) <= DOUBT_NS) {
      out[i++] = j++;
      continue;
    }
    let [best, di, dj] = [agrees(i, j) ? apart(i, j) / 2 : Number.POSITIVE_INFINITY, 0, 0];
    for (let k = 1; k <= LOST; k++) {
      if (agrees(i + k, j) && apart(i + k, j) < best) [best, di, dj] = [apart(i + k, j), k, 0];
      if (agrees(i, j + k) && apart(i, j + k) < best) [best, di, dj] = [apart(i, j + k), 0, k];
    }
    if (di === 0 && dj === 0) {
      if (agrees(i, j)) out[i] = j;
      i++;
      j++;
    } else {
      i += di;
      j += dj;
    }
  }
  return out;
}
