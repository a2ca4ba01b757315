import { median } from 'd3-array';
import { realAt, valueAt } from '#core/columns';
import { type Normal, normalOf } from '#core/math/normal-range';
import { coverage, type Spans } from '#core/math/spans';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import { CAUSES, CAUSES_BY_FLAG } from '#schema/causes';

/** What the time of a piece is divided into: each cause, losses that nobody claims, and plain work. */
export const BUCKETS = [...CAUSES, 'unclaimed', 'work'] as const;
export type Bucket = (typeof BUCKETS)[number];
const WORK = BUCKETS.indexOf('work');
const UNCLAIMED = BUCKETS.indexOf('unclaimed');

/** The lane's time cut at its results: one piece of work between two results. Times in ns, only while a request was in flight. */
export interface EngineSteps {
  readonly n: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Length while any request was in flight. */
  readonly duration: Float64Array;
  /** Time of each piece in each bucket: buckets[b][i]. */
  readonly buckets: readonly Float64Array[];
  /** Longest single loss in each step, ns, of the causes that count only in one stretch. */
  readonly longestStretch: ReadonlyMap<Bucket, Float64Array>;
  /** Medians over the steps: what a normal piece consists of. */
  readonly normal: { readonly duration: Normal; readonly buckets: readonly number[] };
}

/**
 * Several arrays read back at the end of one step make several stepEnds. Beats that follow another sooner than half of a
 * short piece belong to it; a short piece is one such that all shorter ones together hold 5 % of the time, which the
 * moments between such arrays never do.
 */
const SHORT_PIECE_TIME = 0.05;
const SAME_RESULT_SHARE = 0.5;

/** Length such that all shorter steps together hold the given share of the time. */
function timeQuantile(durations: readonly number[], share: number): number {
  const sorted = durations.toSorted((a, b) => a - b);
  const wanted = sorted.reduce((a, b) => a + b, 0) * share;
  let sum = 0;
  for (const d of sorted) {
    sum += d;
    if (sum >= wanted) return d;
  }
  return 0;
}

/** Leaves out stepEnds that belong to the result before. */
function distinctStepEnds(stepEnds: Float64Array, from: number, to: number, demand: (a: number, b: number) => number): number[] {
  const inside = [...stepEnds].filter(b => b > from && b < to);
  const least =
    SAME_RESULT_SHARE *
    timeQuantile(
      inside.map((b, i) => demand(inside[i - 1] ?? from, b)),
      SHORT_PIECE_TIME,
    );
  const kept: number[] = [];
  for (const b of inside) {
    if (kept.length > 0 && b - (kept.at(-1) ?? 0) < least) kept[kept.length - 1] = b;
    else kept.push(b);
  }
  return kept;
}

/**
 * Cuts the window at the results and books each piece's time.
 * @param inFlight when any request was in flight
 * @returns undefined when there are too few steps to say what is normal
 */
export function findEngineSteps(
  stepEnds: Float64Array,
  attributed: readonly AttributedLoss[],
  inFlight: Spans,
  from: number,
  to: number,
): EngineSteps | undefined {
  const demand = coverage(inFlight);
  const cuts = [from, ...distinctStepEnds(stepEnds, from, to, demand), to];
  const rows: { start: number; end: number }[] = [];
  for (let i = 0; i + 1 < cuts.length; i++) rows.push({ start: valueAt(cuts, i), end: valueAt(cuts, i + 1) });
  const n = rows.length;
  const buckets = BUCKETS.map(() => new Float64Array(n));
  const longestStretch = new Map<Bucket, Float64Array>(CAUSES_BY_FLAG['one-stretch'].map(cause => [cause, new Float64Array(n)]));
  const duration = Float64Array.from(rows, r => demand(r.start, r.end));
  let first = 0;
  for (let i = 0; i < n; i++) {
    const { start, end } = rows[i] ?? { start: 0, end: 0 };
    let lost = 0;
    while (first < attributed.length && (attributed[first]?.end ?? 0) <= start) first++;
    for (let k = first; k < attributed.length && (attributed[k]?.start ?? 0) < end; k++) {
      const c = attributed[k];
      // A slow kernel that nothing accounts for is a larger piece of work: the same kernel serves many sizes.
      if (c === undefined || (c.cause === undefined && c.loss.kind === 'slow')) continue;
      const time = demand(Math.max(start, c.start), Math.min(end, c.end));
      const bucket = buckets[c.cause === undefined ? UNCLAIMED : BUCKETS.indexOf(c.cause)];
      if (bucket !== undefined) bucket[i] = realAt(bucket, i) + time;
      const longest = c.cause === undefined ? undefined : longestStretch.get(c.cause);
      if (longest !== undefined) longest[i] = Math.max(realAt(longest, i), time);
      lost += time;
    }
    const work = buckets[WORK];
    if (work !== undefined) work[i] = Math.max(0, realAt(duration, i) - lost);
  }
  const used = rows.map((_, i) => i).filter(i => realAt(duration, i) > 0);
  const normal = normalOf(used.map(i => realAt(duration, i)));
  if (normal === undefined) return undefined;
  return {
    n,
    start: Float64Array.from(rows, r => r.start),
    end: Float64Array.from(rows, r => r.end),
    duration,
    buckets,
    longestStretch,
    normal: { duration: normal, buckets: buckets.map(b => median(used, i => b[i]) ?? 0) },
  };
}
