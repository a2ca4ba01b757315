import { median } from 'd3-array';
import { realAt, valueAt } from '#core/columns';
import { type Normal, normalOf } from '#core/math/normal-range';
import { coverage, type Spans } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import { CAUSES, CAUSES_BY_FLAG } from '#schema/causes';

/** What the time of a step is divided into: each cause, losses that no detector attributes to one, and plain work. */
export const BUCKETS = [...CAUSES, 'unattributed', 'work'] as const;
export type Bucket = (typeof BUCKETS)[number];
const WORK = BUCKETS.indexOf('work');
const UNATTRIBUTED = BUCKETS.indexOf('unattributed');

/** The lane's time cut at its results: an engine step is the work between two of them. Times in ns, only while a request was in flight. */
export interface EngineSteps {
  readonly n: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Length while any request was in flight. */
  readonly duration: Float64Array;
  /** Time of each step in each bucket: buckets[b][i]. */
  readonly buckets: readonly Float64Array[];
  /** Longest single loss in each step, ns, of the causes that count only in one stretch. */
  readonly longestStretch: ReadonlyMap<Bucket, Float64Array>;
  /** Medians over the steps: what a normal step consists of. */
  readonly normal: { readonly duration: Normal; readonly buckets: readonly Ns[] };
}

/**
 * Several arrays read back at the end of one step make several step ends. Those that follow another sooner than half of a
 * short step belong to it; a short step is one such that all shorter ones together hold 5 % of the time, which the
 * moments between such arrays never do.
 */
const SHORT_STEP_SHARE: Share = 0.05;
const SAME_RESULT_SHARE: Share = 0.5;

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

/**
 * Cuts the window at the results and shares out each step's time.
 * @param inFlight when any request was in flight
 * @returns undefined when there are too few steps to say what is normal
 */
export function findEngineSteps(
  stepEnds: Float64Array,
  attributed: readonly AttributedLoss[],
  inFlight: Spans,
  from: Ns,
  to: Ns,
): EngineSteps | undefined {
  const demand = coverage(inFlight);
  const cuts = [from, ...distinctStepEnds(stepEnds, from, to, demand), to];
  const rows: { start: Ns; end: Ns }[] = [];
  for (let i = 0; i + 1 < cuts.length; i++) rows.push({ start: valueAt(cuts, i), end: valueAt(cuts, i + 1) });
  const n = rows.length;
  const buckets = BUCKETS.map(() => new Float64Array(n));
  const longestStretch = new Map<Bucket, Float64Array>(CAUSES_BY_FLAG['one-stretch'].map(cause => [cause, new Float64Array(n)]));
  const duration = Float64Array.from(rows, r => demand(r.start, r.end));
  let first = 0;
  for (const [i, { start, end }] of rows.entries()) {
    let lost = 0;
    for (let c = attributed[first]; c !== undefined && c.end <= start; c = attributed[first]) first++;
    for (let k = first, c = attributed[k]; c !== undefined && c.start < end; c = attributed[++k]) {
      // A slow kernel that nothing accounts for is more work: the same kernel serves many sizes.
      if (c.cause === undefined && c.loss.kind === 'slow') continue;
      const time = demand(Math.max(start, c.start), Math.min(end, c.end));
      const bucket = buckets[c.cause === undefined ? UNATTRIBUTED : BUCKETS.indexOf(c.cause)];
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
