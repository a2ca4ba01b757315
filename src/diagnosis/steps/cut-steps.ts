import { realAt, valueAt } from '#core/columns';
import { type Spans, upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';

/**
 * Several arrays read back at the end of one step make several step ends. Those that follow another sooner than half of a
 * short step belong to it; a short step is one such that all shorter ones together hold 5 % of the time, which the
 * moments between such arrays never do.
 */
const SHORT_STEP_SHARE: Share = 0.05;
const SAME_RESULT_SHARE: Share = 0.5;

/**
 * Where a window is cut into steps: at its begin, at each result, and at its end.
 * @param demand time in which requests were in flight, between two moments
 */
export const cutsOf = (stepEnds: Float64Array, from: Ns, to: Ns, demand: (from: Ns, to: Ns) => Ns): readonly Ns[] => [
  from,
  ...distinctStepEnds(stepEnds, from, to, demand),
  to,
];

/** Leaves out step ends that belong to the result before. */
function distinctStepEnds(stepEnds: Float64Array, from: Ns, to: Ns, demand: (from: Ns, to: Ns) => Ns): Ns[] {
  const inside = [...stepEnds].filter(t => t > from && t < to);
  const least =
    SAME_RESULT_SHARE *
    timeQuantile(
      inside.map((t, i) => demand(inside[i - 1] ?? from, t)),
      SHORT_STEP_SHARE,
    );
  const kept: Ns[] = [];
  for (const t of inside) {
    const last = kept.at(-1);
    if (last !== undefined && t - last < least) kept[kept.length - 1] = t;
    else kept.push(t);
  }
  return kept;
}

/** Length such that all shorter steps together hold the given share of the time. */
function timeQuantile(durations: readonly Ns[], share: Share): Ns {
  const sorted = durations.toSorted((a, b) => a - b);
  const wanted = sorted.reduce((a, b) => a + b, 0) * share;
  let sum = 0;
  for (const d of sorted) {
    sum += d;
    if (sum >= wanted) return d;
  }
  return 0;
}

/** How many of the moments lie in (cut, next cut]. Both ascend. */
export function countIn(moments: Float64Array, cuts: readonly Ns[]): Float64Array {
  const out = new Float64Array(cuts.length - 1);
  let k = 0;
  while (k < moments.length && realAt(moments, k) <= valueAt(cuts, 0)) k++;
  for (let i = 0; i < out.length; i++) {
    const before = k;
    while (k < moments.length && realAt(moments, k) <= valueAt(cuts, i + 1)) k++;
    out[i] = k - before;
  }
  return out;
}

/** Since when, at the end of [start, end), somebody had been in flight without a break. */
export function inUseFrom(inFlight: Spans, start: Ns, end: Ns): Ns {
  const k = upperBound(inFlight.start, end) - 1;
  return k < 0 || realAt(inFlight.end, k) <= start ? start : Math.max(start, realAt(inFlight.start, k));
}
