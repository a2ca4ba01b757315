import { realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { extremeOf, type Normal, normalOf } from '#core/math/normal-range';
import { percentile } from '#core/math/percentiles';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { WORK } from './buckets.ts';

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

/** What is usual in steps of both kinds. */
export interface NormalSteps {
  /** What a plain step loses, and what a heavy one does. */
  readonly losses: readonly [NormalLosses, NormalLosses];
  /** How much longer than a plain step a usual heavy one takes: the pause that requests meet anyway, while prompts of others are worked on. */
  readonly pause: Ns;
}

/** Half as many launches again as a usual step makes: another kind of step, however little its kernels take. */
const MANY_LAUNCHES = 1.5;
/** Plain steps may be alike to a few microseconds: a tenth more is the least that makes another kind. */
const MORE_WORK = 1.1;
/** Quartiles of fewer steps say nothing. */
const FEWEST_HEAVY = 8;
/** Among fewer steps than this a handful of faults would reach the quarter that tells the tail. */
const FEWEST_FOR_TAIL = 40;
/** With too few heavy steps to know the spread of their work, one as long as so many plain ones is more than usual. */
const PLAIN_STEPS = 10;
/** Long work that comes as often as this belongs to the load: with more than one request in twenty, and more than a handful of times. */
const OFTEN: Share = 0.05;
const HANDFUL = 5;

/** Median over some steps; 0 of none. */
const usually = (values: ArrayLike<number>, steps: readonly number[]): number =>
  steps.length === 0 ? 0 : medianOf(steps.map(i => valueAt(values, i)));

/** Whether work is more than that of a plain step, beyond its noise. */
const isMore = (work: Ns, plain: Normal): boolean => work > Math.max(plain.limit, MORE_WORK * plain.median);

/**
 * How much work steps hold.
 * @param work of each step, ns
 * @param requests that lived in the window: how often a prompt came
 */
export function normalWork(work: readonly Ns[], requests: number): NormalWork {
  const plain = normalOf(work) ?? { median: 0, sigma: 0, limit: Number.POSITIVE_INFINITY };
  const heavy = Float64Array.from(work.filter(w => isMore(w, plain))).sort();
  const least = PLAIN_STEPS * plain.median;
  if (heavy.length < FEWEST_HEAVY) return { plain, usual: plain.median, fence: least };
  return { plain, usual: percentile(heavy, 0.5), fence: unlessOften(heavy, Math.max(least, extremeOf(heavy)), requests) };
}

/** Long work that is no exception is no incident, however long: every request of this load meets it. */
function unlessOften(sorted: Float64Array, fence: Ns, requests: number): Ns {
  const beyond = sorted.length - upperBound(sorted, fence);
  return requests > 0 && beyond > HANDFUL && beyond > OFTEN * requests ? Number.POSITIVE_INFINITY : fence;
}

/**
 * Tells heavy steps from plain ones: 1 where a step holds more work, or made many more launches.
 * @param work of every step, ns
 * @param launches of every step
 * @param used the steps in which requests were in flight
 */
export function heavySteps(work: Float64Array, launches: ArrayLike<number>, used: readonly number[], plain: Normal): Uint8Array {
  const usual = usually(launches, used);
  const isMany = (i: number) => usual > 0 && valueAt(launches, i) > MANY_LAUNCHES * usual;
  return Uint8Array.from(work, (w, i) => (isMore(w, plain) || isMany(i) ? 1 : 0));
}

/**
 * What steps of each kind lose as a rule.
 * @param duration of every step, ns
 * @param used the steps in which requests were in flight
 */
export function normalSteps(
  buckets: readonly Float64Array[],
  duration: Float64Array,
  used: readonly number[],
  heavy: Uint8Array,
): NormalSteps {
  const few = used.filter(i => heavy[i] === 0);
  const many = used.filter(i => heavy[i] === 1);
  const plain = normalLosses(buckets, few);
  const own = many.length < FEWEST_HEAVY ? plain : normalLosses(buckets, many);
  // A few faults among a few heavy steps would pass for their tail: then all steps together tell it.
  const pooled = () => extremeOf(Float64Array.from([...beyondAll(buckets, plain, few), ...beyondAll(buckets, own, many)]).sort());
  const busy = many.length < FEWEST_FOR_TAIL ? { ...own, extreme: pooled() } : own;
  const length = usually(duration, few);
  const pause = many.length < FEWEST_HEAVY ? 0 : Math.max(0, usually(duration, many) - length);
  return { losses: [capped(plain, length), capped(busy, length)], pause };
}

/** Where a quarter of the steps is faulty, their tail is no noise: a step that lost ten others stands out whatever the rest did. */
const capped = (losses: NormalLosses, step: Ns): NormalLosses => ({ ...losses, extreme: Math.min(losses.extreme, PLAIN_STEPS * step) });

/** Time beyond what its kind of step loses as a rule, in one bucket. */
export const beyondOf = (buckets: readonly Float64Array[], usual: readonly Ns[], b: number, i: number): Ns =>
  Math.max(0, realAt(buckets[b], i) - valueAt(usual, b));

/** What each step loses beyond what is usual. */
const beyondAll = (
  buckets: readonly Float64Array[],
  { buckets: usual }: Pick<NormalLosses, 'buckets'>,
  steps: readonly number[],
): Float64Array => {
  const out = new Float64Array(steps.length);
  // Bucket by bucket: most of them hold nothing in any step of a run.
  for (let b = 0; b < buckets.length; b++)
    if (b !== WORK) for (let k = 0; k < out.length; k++) out[k] = realAt(out, k) + beyondOf(buckets, usual, b, valueAt(steps, k));
  return out;
};

function normalLosses(buckets: readonly Float64Array[], steps: readonly number[]): NormalLosses {
  const usual = buckets.map(b => usually(b, steps));
  const beyond = beyondAll(buckets, { buckets: usual }, steps);
  return {
    buckets: usual,
    beyond: normalOf(beyond) ?? { median: 0, sigma: 0, limit: 0 },
    extreme: extremeOf(beyond.toSorted()),
  };
}
