import { quantile } from 'd3-array';
import { realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { extremeOf, largestOf, type Normal, normalOf } from '#core/math/normal-range';
import { percentile } from '#core/math/percentiles';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { WORK } from './buckets.ts';
import { isOfPrompts, PLAIN, STEP_KINDS } from './step-kinds.ts';

/** What steps of one kind lose as a rule. */
export interface NormalLosses {
  /** Of each bucket: the median, where most of few steps were not harmed. */
  readonly buckets: readonly Ns[];
  /** Of what a step loses beyond these medians: its noise. */
  readonly beyond: Normal;
  /** No step of the run loses more than this beyond the medians by chance. */
  readonly extreme: Ns;
}

/** How much work the steps of this run hold. */
export interface NormalWork {
  readonly plain: Normal;
  /** The usual work of a step on prompts; of a plain one where there are too few. */
  readonly usual: Ns;
  /** Work beyond this is more than this load ever asks for in one step. */
  readonly fence: Ns;
}

/** What is usual in steps of each kind. */
export interface NormalSteps {
  /** What a step of each of STEP_KINDS loses. */
  readonly losses: readonly NormalLosses[];
  /** How much longer than a plain step a usual one on prompts takes: the pause that requests meet anyway, while prompts of others are worked on. */
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

const MIDDLE: Share = 0.5;
/** Of a few steps of which the middle one lost more than ten plain steps take, most met a fault: one in four that did not is the rule. */
const UNHARMED: Share = 0.25;

/** The value such that the given share of some steps have no more; 0 of none. The median is asked for most, and has a way of its own. */
function usually(values: ArrayLike<number>, steps: readonly number[], share: Share): number {
  if (steps.length === 0) return 0;
  const some = Float64Array.from(steps, i => valueAt(values, i));
  return share === MIDDLE ? medianOf(some) : (quantile(some, share) ?? 0);
}

/** Work of which nothing is known: no step holds more. */
const UNKNOWN: Normal = { median: 0, sigma: 0, limit: Number.POSITIVE_INFINITY };

/** What steps hold as a rule. @param work of each, ns */
export const plainWork = (work: readonly Ns[]): Normal => normalOf(work) ?? UNKNOWN;

/** Whether work is more than that of a plain step, beyond its noise. */
const isMore = (work: Ns, plain: Normal): boolean => work > Math.max(plain.limit, MORE_WORK * plain.median);

/**
 * How much work steps hold.
 * @param plain what plain steps hold
 * @param work of each step that may be on prompts, ns
 * @param requests that lived in the window: how often a prompt came
 */
export function normalWork(plain: Normal, work: readonly Ns[], requests: number): NormalWork {
  // Clients send no prompt longer than their longest: the work of steps is no noise.
  const heavy = Float64Array.from(work.filter(w => isMore(w, plain))).sort();
  const least = PLAIN_STEPS * plain.median;
  if (heavy.length < FEWEST_HEAVY) return { plain, usual: plain.median, fence: least };
  return { plain, usual: percentile(heavy, 0.5), fence: unlessOften(heavy, Math.max(least, largestOf(heavy)), requests) };
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
  const usual = usually(launches, used, MIDDLE);
  const isMany = (i: number) => usual > 0 && valueAt(launches, i) > MANY_LAUNCHES * usual;
  return Uint8Array.from(work, (w, i) => (isMore(w, plain) || isMany(i) ? 1 : 0));
}

/**
 * What steps of each kind lose as a rule.
 * @param duration of every step, ns
 * @param used the steps in which requests were in flight
 * @param kinds of every step: index into STEP_KINDS
 */
export function normalSteps(
  buckets: readonly Float64Array[],
  duration: Float64Array,
  used: readonly number[],
  kinds: Uint8Array,
): NormalSteps {
  const few = used.filter(i => kinds[i] === PLAIN);
  const plain = normalLosses(buckets, few, MIDDLE);
  const step = usually(duration, few, MIDDLE);
  const told = STEP_KINDS.map((_, kind) => {
    if (kind === PLAIN) return { losses: plain, share: MIDDLE };
    return lossesOfKind(
      buckets,
      { plain, few, step },
      used.filter(i => kinds[i] === kind),
    );
  });
  const prompts = used.filter(i => isOfPrompts(kinds[i]));
  const share = Math.min(...told.flatMap((t, kind) => (isOfPrompts(kind) ? t.share : [])));
  return {
    losses: told.map(t => capped(t.losses, step)),
    pause: prompts.length < FEWEST_HEAVY ? 0 : Math.max(0, usually(duration, prompts, share) - step),
  };
}

/** What steps of another kind than the plain ones lose, and at which of them that is told. */
function lossesOfKind(
  buckets: readonly Float64Array[],
  { plain, few, step }: { readonly plain: NormalLosses; readonly few: readonly number[]; readonly step: Ns },
  many: readonly number[],
): { readonly losses: NormalLosses; readonly share: Share } {
  if (many.length < FEWEST_HEAVY) return { losses: pooled(buckets, plain, few, plain, many), share: MIDDLE };
  const middle = normalLosses(buckets, many, MIDDLE);
  const isFew = many.length < FEWEST_FOR_TAIL;
  const share = isFew && lostAsRule(middle) > PLAIN_STEPS * step ? UNHARMED : MIDDLE;
  const own = share === MIDDLE ? middle : normalLosses(buckets, many, share);
  return { losses: isFew ? pooled(buckets, plain, few, own, many) : own, share };
}

/** What is lost as a rule, of all causes. */
const lostAsRule = ({ buckets }: NormalLosses): Ns => buckets.reduce((s, ns, b) => (b === WORK ? s : s + ns), 0);

/** A few faults among a few heavy steps would pass for their noise: all steps together tell it, and a tail that is at least theirs. */
function pooled(
  buckets: readonly Float64Array[],
  plain: NormalLosses,
  few: readonly number[],
  own: NormalLosses,
  many: readonly number[],
): NormalLosses {
  const beyond = Float64Array.from([...beyondAll(buckets, plain, few), ...beyondAll(buckets, own, many)]).sort();
  return { ...own, beyond: normalOf(beyond) ?? own.beyond, extreme: Math.max(own.extreme, extremeOf(beyond)) };
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

function normalLosses(buckets: readonly Float64Array[], steps: readonly number[], share: Share): NormalLosses {
  const usual = buckets.map(b => usually(b, steps, share));
  const beyond = beyondAll(buckets, { buckets: usual }, steps);
  return {
    buckets: usual,
    beyond: normalOf(beyond) ?? { median: 0, sigma: 0, limit: 0 },
    extreme: extremeOf(beyond.toSorted()),
  };
}
