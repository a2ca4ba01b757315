import { itemAt, realAt, valueAt } from '#core/columns';
import { type Normal, normalOf } from '#core/math/normal-range';
import { coverage, type Spans } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import { type LaunchedWork, NOTHING_LAUNCHED } from '#diagnosis/lanes/launched-work';
import { BUCKETS, type Bucket, WORK } from './buckets.ts';
import { countIn, cutsOf, inUseFrom } from './cut-steps.ts';
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
import { moveTime, shareOut } from './step-time.ts';

const CLOCK = BUCKETS.indexOf('clock-throttle');

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
  const cuts = cutsOf(stepEnds, from, to, demand);
  const start = Float64Array.from(cuts.slice(0, -1));
  const end = Float64Array.from(cuts.slice(1));
  const duration = start.map((t, i) => demand(t, realAt(end, i)));
  const { buckets, longestStretch, followsWork } = shareOut(cuts, duration, attributed, demand);
  const workNs = itemAt(buckets, WORK);
  const used = [...duration.keys()].filter(i => realAt(duration, i) > 0);
  const normal = normalOf(used.map(i => realAt(duration, i)));
  if (normal === undefined) return undefined;
  const workOf = (steps: readonly number[]) => steps.map(i => realAt(workNs, i));
  const kernels = stepKernels(launched, cuts);
  const busy = used.filter(kernels.any);
  const heavy = heavySteps(workNs, countIn(launched.launches, cuts), used, plainWork(workOf(busy)));
  const kind = stepKinds(kernels, heavy, workNs, used);
  const plain = plainWork(workOf(busy.filter(i => kind[i] === PLAIN)));
  const work = normalWork(plain, workOf(busy.filter(i => isOfPrompts(kind[i]))), requests);
  for (const i of used)
    if (realAt(workNs, i) + realAt(followsWork, i) > work.fence) moveTime(buckets, CLOCK, WORK, i, realAt(followsWork, i));
  return {
    n: duration.length,
    start,
    end,
    duration,
    inUse: start.map((t, i) => inUseFrom(inFlight, t, realAt(end, i))),
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
