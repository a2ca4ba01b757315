import { median } from 'd3-array';
import { realAt, valueAt } from '#core/columns';
import { extremeOf, type Normal, normalOf } from '#core/math/normal-range';
import { percentile } from '#core/math/percentiles';
import { coverage, type Spans, upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import { CAUSES, CAUSES_BY_FLAG } from '#schema/causes';

/** What the time of a step is divided into: each cause, losses that no detector attributes to one, and plain work. */
export const BUCKETS = [...CAUSES, 'unattributed', 'work'] as const;
export type Bucket = (typeof BUCKETS)[number];
const WORK = BUCKETS.indexOf('work');
/** What slows the work inside a graph where it shows outside. */
const SLOWING = [BUCKETS.indexOf('gpu-contention'), BUCKETS.indexOf('collective-wait')];
const CLOCK = BUCKETS.indexOf('clock-throttle');
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
  /** What the longest gap of each step lost to each of the causes that count only in one stretch, ns. */
  readonly longestStretch: ReadonlyMap<Bucket, Float64Array>;
  /** 1 where a step holds more work than a plain one does: a prefill among decodes. */
  readonly heavy: Uint8Array;
  readonly normal: {
    readonly duration: Normal;
    /** What a plain step loses, and what a heavy one does. */
    readonly losses: readonly [NormalLosses, NormalLosses];
    readonly work: NormalWork;
    /** How much longer than a plain step a usual heavy one takes: the pause that requests meet anyway, while prompts of others are worked on. */
    readonly pause: Ns;
  };
}

/** What steps of one kind lose as a rule. */
export interface NormalLosses {
  /** Median of each bucket. */
  readonly buckets: readonly Ns[];
  /** Of what a step loses beyond these medians: its noise. */
  readonly beyond: Normal;
  /** No step of the run loses more than this beyond the medians by chance. */
  readonly extreme: Ns;
}

/** How much work the steps of this run hold. */
export interface NormalWork {
  readonly plain: Normal;
  /** The usual work of a heavy step; of a plain one where there are too few heavy ones. */
  readonly usual: Ns;
  /** Work beyond this is more than this load ever asks for in one step. */
  readonly fence: Ns;
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

/** Gives time of a step from one bucket to another. */
function move(buckets: readonly Float64Array[], from: number, to: number, i: number, ns: Ns): void {
  const [source, target] = [buckets[from], buckets[to]];
  if (source === undefined || target === undefined) return;
  source[i] = Math.max(0, realAt(source, i) - ns);
  target[i] = realAt(target, i) + ns;
}

/**
 * Cuts the window at the results and shares out each step's time.
 * @param inFlight when any request was in flight
 * @param launched when work of a launch of its own began, ascending, ns: a decode in one graph is told from a prefill by that
 * @param requests that lived in the window: how often a prompt came
 * @returns undefined when there are too few steps to say what is normal
 */
export function findEngineSteps(
  stepEnds: Float64Array,
  attributed: readonly AttributedLoss[],
  inFlight: Spans,
  from: Ns,
  to: Ns,
  launched: Float64Array = NOTHING,
  requests = 0,
): EngineSteps | undefined {
  const demand = coverage(inFlight);
  const cuts = [from, ...distinctStepEnds(stepEnds, from, to, demand), to];
  const rows: { start: Ns; end: Ns }[] = [];
  for (let i = 0; i + 1 < cuts.length; i++) rows.push({ start: valueAt(cuts, i), end: valueAt(cuts, i + 1) });
  const n = rows.length;
  const buckets = BUCKETS.map(() => new Float64Array(n));
  const longestStretch = new Map<Bucket, Float64Array>(CAUSES_BY_FLAG['one-stretch'].map(cause => [cause, new Float64Array(n)]));
  const duration = Float64Array.from(rows, r => demand(r.start, r.end));
  /** Time of each step that was lost to what more work brings with it: a power cap. */
  const followsWork = new Float64Array(n);
  let first = 0;
  for (const [i, { start, end }] of rows.entries()) {
    let lost = 0;
    let gap = { start: Number.NaN, ns: 0 };
    let slowGraph = 0;
    let fromWork = 0;
    for (let c = attributed[first]; c !== undefined && c.end <= start; c = attributed[first]) first++;
    for (let k = first, c = attributed[k]; c !== undefined && c.start < end; c = attributed[++k]) {
      // A slow kernel that nothing accounts for is more work: the same kernel serves many sizes. A graph is always the same work.
      if (c.cause === undefined && c.loss.kind === 'slow' && !c.loss.isGraph) continue;
      const time = demand(Math.max(start, c.start), Math.min(end, c.end));
      if (c.loss.kind === 'starved' && c.loss.isInput === true) {
        // The engine had been given nothing to do: neither work nor loss.
        lost += time;
        continue;
      }
      const bucket = buckets[c.cause === undefined ? UNATTRIBUTED : BUCKETS.indexOf(c.cause)];
      if (bucket !== undefined) bucket[i] = realAt(bucket, i) + time;
      const longest = c.cause === undefined ? undefined : longestStretch.get(c.cause);
      if (longest !== undefined) {
        // Short calls in between do not end a stretch: it is as long as its gap.
        const opened = c.loss.kind === 'starved' ? c.loss.gap.start : c.start;
        gap = { start: opened, ns: gap.start === opened ? gap.ns + time : time };
        longest[i] = Math.max(realAt(longest, i), gap.ns);
      }
      if (c.cause === undefined && c.loss.kind === 'slow') slowGraph += time;
      if (c.attribution?.followsWork === true) fromWork += time;
      lost += time;
    }
    // A graph is always the same work: where it ran slowly while other work held its GPU, or that of a rank which it waited for, that is why.
    const claimant = SLOWING.find(b => realAt(buckets[b], i) > 0);
    if (slowGraph > 0 && claimant !== undefined) move(buckets, UNATTRIBUTED, claimant, i, slowGraph);
    const work = buckets[WORK];
    if (work !== undefined) work[i] = Math.max(0, realAt(duration, i) - lost);
    followsWork[i] = fromWork;
  }
  const used = rows.map((_, i) => i).filter(i => realAt(duration, i) > 0);
  const normal = normalOf(used.map(i => realAt(duration, i)));
  if (normal === undefined) return undefined;
  const work = normalWork(
    used.map(i => realAt(buckets[WORK], i)),
    requests,
  );
  const launches = rows.map(r => upperBound(launched, r.end) - upperBound(launched, r.start));
  const usualLaunches = median(used, i => launches[i]) ?? 0;
  const heavy = Uint8Array.from(rows, (_, i) =>
    isMore(realAt(buckets[WORK], i), work.plain) || (usualLaunches > 0 && valueAt(launches, i) > MANY_LAUNCHES * usualLaunches) ? 1 : 0,
  );
  for (const i of used) if (realAt(buckets[WORK], i) > work.fence) move(buckets, CLOCK, WORK, i, realAt(followsWork, i));
  const few = used.filter(i => heavy[i] === 0);
  const many = used.filter(i => heavy[i] === 1);
  const plain = normalLosses(buckets, few);
  const own = many.length < FEWEST_HEAVY ? plain : normalLosses(buckets, many);
  // A few faults among a few heavy steps would pass for their tail: then all steps together tell it.
  const pooled = () => extremeOf(Float64Array.from([...beyondAll(buckets, plain, few), ...beyondAll(buckets, own, many)]).sort());
  const busy = many.length < FEWEST_FOR_TAIL ? { ...own, extreme: pooled() } : own;
  const usually = (some: readonly number[]) => median(some, i => realAt(duration, i)) ?? 0;
  const pause = many.length < FEWEST_HEAVY ? 0 : Math.max(0, usually(many) - usually(few));
  return {
    n,
    start: Float64Array.from(rows, r => r.start),
    end: Float64Array.from(rows, r => r.end),
    duration,
    buckets,
    longestStretch,
    heavy,
    normal: { duration: normal, losses: [capped(plain, usually(few)), capped(busy, usually(few))], work, pause },
  };
}

const NOTHING = new Float64Array(0);
/** Half as many launches again as a usual step makes: another kind of step, however little its kernels take. */
const MANY_LAUNCHES = 1.5;
/** Plain steps may be alike to a few microseconds: a tenth more is the least that makes another kind. */
const MORE_WORK = 1.1;
/** Whether work is more than that of a plain step, beyond its noise. */
const isMore = (work: Ns, plain: Normal): boolean => work > Math.max(plain.limit, MORE_WORK * plain.median);
/** Quartiles of fewer steps say nothing. */
const FEWEST_HEAVY = 8;
/** Among fewer steps than this a handful of faults would reach the quarter that tells the tail. */
const FEWEST_FOR_TAIL = 40;
/** With too few heavy steps to know the spread of their work, one as long as so many plain ones is more than usual. */
const PLAIN_STEPS = 10;

/** How much work steps hold. */
function normalWork(work: readonly Ns[], requests: number): NormalWork {
  const plain = normalOf(work) ?? { median: 0, sigma: 0, limit: Number.POSITIVE_INFINITY };
  const heavy = Float64Array.from(work.filter(w => isMore(w, plain))).sort();
  const least = PLAIN_STEPS * plain.median;
  if (heavy.length < FEWEST_HEAVY) return { plain, usual: plain.median, fence: least };
  return { plain, usual: percentile(heavy, 0.5), fence: unlessOften(heavy, Math.max(least, extremeOf(heavy)), requests) };
}

/** Long work that comes as often as this belongs to the load: with more than one request in twenty, and more than a handful of times. */
const OFTEN: Share = 0.05;
const HANDFUL = 5;

/** Long work that is no exception is no incident, however long: every request of this load meets it. */
function unlessOften(sorted: Float64Array, fence: Ns, requests: number): Ns {
  const beyond = sorted.length - upperBound(sorted, fence);
  return requests > 0 && beyond > HANDFUL && beyond > OFTEN * requests ? Number.POSITIVE_INFINITY : fence;
}

/** Time beyond what its kind of step loses as a rule, in one bucket. */
const beyondOf = (buckets: readonly Float64Array[], usual: readonly Ns[], b: number, i: number): Ns =>
  Math.max(0, realAt(buckets[b], i) - valueAt(usual, b));

/** Where a quarter of the steps is faulty, their tail is no noise: a step that lost ten others stands out whatever the rest did. */
const capped = (losses: NormalLosses, step: Ns): NormalLosses => ({ ...losses, extreme: Math.min(losses.extreme, PLAIN_STEPS * step) });

/** What each step loses beyond what is usual. */
const beyondAll = (
  buckets: readonly Float64Array[],
  { buckets: usual }: Pick<NormalLosses, 'buckets'>,
  steps: readonly number[],
): readonly Ns[] => steps.map(i => buckets.reduce((s, _, b) => (b === WORK ? s : s + beyondOf(buckets, usual, b, i)), 0));

function normalLosses(buckets: readonly Float64Array[], steps: readonly number[]): NormalLosses {
  const usual = buckets.map(b => median(steps, i => b[i]) ?? 0);
  const beyond = beyondAll(buckets, { buckets: usual }, steps);
  return {
    buckets: usual,
    beyond: normalOf(beyond) ?? { median: 0, sigma: 0, limit: 0 },
    extreme: extremeOf(Float64Array.from(beyond).sort()),
  };
}

/** What a step of its kind loses as a rule. */
export const usualLosses = (steps: EngineSteps, i: number): NormalLosses => steps.normal.losses[steps.heavy[i] === 1 ? 1 : 0];

/** Time of a step in one bucket beyond what is usual: losses beyond those of its kind, and work beyond what this load ever asks for in one step. */
export function beyondUsual(steps: EngineSteps, b: number, i: number): Ns {
  if (b !== WORK) return beyondOf(steps.buckets, usualLosses(steps, i).buckets, b, i);
  const work = realAt(steps.buckets[WORK], i);
  return work > steps.normal.work.fence ? work - steps.normal.work.usual : 0;
}
