import { itemAt, realAt, valueAt } from '#core/columns';
import { type Normal, normalOf } from '#core/math/normal-range';
import { coverage, type Spans, upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import { type LaunchedWork, NOTHING_LAUNCHED } from '#diagnosis/lanes/launched-work';
import { CAUSES_BY_FLAG } from '#schema/causes';
import { BUCKETS, type Bucket, WORK } from './buckets.ts';
import {
  beyondOf,
  heavySteps,
  type NormalLosses,
  type NormalSteps,
  type NormalWork,
  normalSteps,
  normalWork,
  plainWork,
} from './normal-steps.ts';
import { isOfPrompts, PLAIN, stepKernels, stepKinds } from './step-kinds.ts';

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
  /** From when on somebody was in flight until the end: who waits for nothing before the step delays nobody. */
  readonly inUse: Float64Array;
  /** Time of each step in each bucket: buckets[b][i]. */
  readonly buckets: readonly Float64Array[];
  /** What the longest gap of each step lost to each of the causes that count only in one stretch, ns. */
  readonly longestStretch: ReadonlyMap<Bucket, Float64Array>;
  /** What the engine did in each step: index into STEP_KINDS. */
  readonly kind: Uint8Array;
  /** How far apart the clocks of requests and trace may be: who was in flight is not known to less, ns. */
  readonly stampErrorNs: Ns;
  readonly normal: NormalSteps & {
    readonly duration: Normal;
    readonly work: NormalWork;
  };
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

/** How many of the moments lie in (cut, next cut]. Both ascend. */
function countIn(moments: Float64Array, cuts: readonly Ns[]): Float64Array {
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
function inUseFrom(inFlight: Spans, start: Ns, end: Ns): Ns {
  const k = upperBound(inFlight.start, end) - 1;
  return k < 0 || realAt(inFlight.end, k) <= start ? start : Math.max(start, realAt(inFlight.start, k));
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
 * @param launched what ran in them: a decode is told from a prefill by that
 * @param requests that lived in the window: how often a prompt came
 * @param stampErrorNs how far apart the clocks of requests and trace may be
 * @returns undefined when there are too few steps to say what is normal
 */
export function findEngineSteps(
  stepEnds: Float64Array,
  attributed: readonly AttributedLoss[],
  inFlight: Spans,
  from: Ns,
  to: Ns,
  launched: LaunchedWork = NOTHING_LAUNCHED,
  requests = 0,
  stampErrorNs: Ns = 0,
): EngineSteps | undefined {
  const demand = coverage(inFlight);
  const cuts = [from, ...distinctStepEnds(stepEnds, from, to, demand), to];
  const rows: { start: Ns; end: Ns }[] = [];
  for (let i = 0; i + 1 < cuts.length; i++) rows.push({ start: valueAt(cuts, i), end: valueAt(cuts, i + 1) });
  const n = rows.length;
  const buckets = BUCKETS.map(() => new Float64Array(n));
  const workNs = itemAt(buckets, WORK);
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
    workNs[i] = Math.max(0, realAt(duration, i) - lost);
    followsWork[i] = fromWork;
  }
  const used = rows.map((_, i) => i).filter(i => realAt(duration, i) > 0);
  const normal = normalOf(used.map(i => realAt(duration, i)));
  if (normal === undefined) return undefined;
  const workOf = (steps: readonly number[]) => steps.map(i => realAt(workNs, i));
  const kernels = stepKernels(launched, cuts);
  const busy = used.filter(kernels.any);
  const heavy = heavySteps(workNs, countIn(launched.launches, cuts), used, plainWork(workOf(busy)));
  const kind = stepKinds(kernels, heavy, workNs, used);
  const plain = plainWork(workOf(busy.filter(i => kind[i] === PLAIN)));
  const work = normalWork(plain, workOf(busy.filter(i => isOfPrompts(kind[i]))), requests);
  for (const i of used) if (realAt(workNs, i) + realAt(followsWork, i) > work.fence) move(buckets, CLOCK, WORK, i, realAt(followsWork, i));
  return {
    n,
    start: Float64Array.from(rows, r => r.start),
    end: Float64Array.from(rows, r => r.end),
    duration,
    inUse: Float64Array.from(rows, r => inUseFrom(inFlight, r.start, r.end)),
    buckets,
    longestStretch,
    kind,
    stampErrorNs,
    normal: { duration: normal, work, ...normalSteps(buckets, duration, used, kind) },
  };
}

/** What a step of its kind loses as a rule. */
export const usualLosses = (steps: EngineSteps, i: number): NormalLosses => itemAt(steps.normal.losses, valueAt(steps.kind, i));

/** Time of a step in one bucket beyond what is usual: losses beyond those of its kind, and work beyond what this load ever asks for in one step. */
export function beyondUsual(steps: EngineSteps, b: number, i: number): Ns {
  if (b !== WORK) return beyondOf(steps.buckets, usualLosses(steps, i).buckets, b, i);
  const work = realAt(steps.buckets[WORK], i);
  return work > steps.normal.work.fence ? work - steps.normal.work.usual : 0;
}
