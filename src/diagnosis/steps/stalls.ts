import { realAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import { CAUSES_BY_FLAG } from '#schema/causes';
import { BUCKETS, type Bucket } from './buckets.ts';
import { beyondUsual, type EngineSteps, usualLosses } from './engine-steps.ts';

/** A stretch of neighbouring steps that took longer than normal: indices of its first and last step, and times since the session began. */
export interface Stall {
  readonly first: number;
  readonly last: number;
  readonly start: Ns;
  readonly end: Ns;
  /** Time beyond what these steps normally take. */
  readonly excess: Ns;
}

/** Steps apart by no more than this many normal steps belong to one stretch. */
const BRIDGED_STEPS = 2;
/** A stretch begins with its first step that has at least this share of its worst step's excess: small neighbours do not move its start. */
const START_SHARE: Share = 0.1;
/** The same for a step that was late for another reason than the stretch as a whole. */
const OTHER_START_SHARE: Share = 0.5;

/** Time of a step beyond what its work explains. */
export function excessOf(steps: EngineSteps, i: number): Ns {
  let excess = 0;
  for (let b = 0; b < BUCKETS.length; b++) excess += beyondUsual(steps, b, i);
  return excess;
}

/** How the excess of one step is made up. */
export function makeUp(steps: EngineSteps, i: number): ReadonlyMap<Bucket, Ns> {
  const out = new Map<Bucket, Ns>();
  for (const [b, bucket] of BUCKETS.entries()) {
    const beyond = beyondUsual(steps, b, i);
    if (beyond > 0) out.set(bucket, beyond);
  }
  return out;
}

/** Whether a step lost more than the noise of its kind, or did more work than this load ever asks for in one. */
const standsOut = (steps: EngineSteps, i: number, excess: Ns): boolean => excess > usualLosses(steps, i).beyond.limit;

/**
 * Groups the steps that stand out into stretches. The first and the last step are left out: the capture's edges cut them,
 * so their length says nothing.
 */
export function findStalls(steps: EngineSteps): readonly Stall[] {
  const { median } = steps.normal.duration;
  const out: { first: number; last: number; start: Ns; end: Ns; excess: Ns }[] = [];
  for (let i = 1; i < steps.n - 1; i++) {
    const excess = excessOf(steps, i);
    if (!standsOut(steps, i, excess) && !isSlowedThroughout(steps, i)) continue;
    const last = out.at(-1);
    if (last !== undefined && realAt(steps.start, i) - last.end <= BRIDGED_STEPS * median) {
      last.last = i;
      last.end = realAt(steps.end, i);
      last.excess += excess;
    } else out.push({ first: i, last: i, start: realAt(steps.start, i), end: realAt(steps.end, i), excess });
  }
  return out.map(stall => trim(steps, stall)).filter(stall => isStalled(steps, stall));
}

/** The bucket that holds most of some steps' excess, and how much it holds. */
export function mainBucket(steps: EngineSteps, first: number, last: number): { readonly bucket: Bucket; readonly excess: Ns } {
  const sums = new Map<Bucket, Ns>();
  for (let i = first; i <= last; i++) for (const [b, v] of makeUp(steps, i)) sums.set(b, (sums.get(b) ?? 0) + v);
  const [bucket, excess] = [...sums].reduce<[Bucket, Ns]>((best, entry) => (entry[1] > best[1] ? entry : best), ['work', 0]);
  return { bucket, excess };
}

/** A cause with evidence of its own that takes this share of a normal step counts even where no step stands out: it may last for seconds. */
const SUSTAINED_SHARE: Share = 0.1;
const SUSTAINED = CAUSES_BY_FLAG.sustained.map(cause => BUCKETS.indexOf(cause));

/** Whether a step was slowed by a cause that slows many steps a little. */
const isSlowedThroughout = (steps: EngineSteps, i: number): boolean =>
  SUSTAINED.some(b => beyondUsual(steps, b, i) >= SUSTAINED_SHARE * steps.normal.duration.median);

/** A cause that counts in one stretch must have the larger half of a step's excess in one: many launches that are each a little late are a busy host. */
const ONE_STRETCH_SHARE: Share = 0.5;

/** Whether a stretch was held up for a reason, rather than merely running a little slowly. */
function isStalled(steps: EngineSteps, stall: Stall): boolean {
  const { bucket } = mainBucket(steps, stall.first, stall.last);
  const longest = steps.longestStretch.get(bucket);
  if (longest === undefined) return true;
  for (let i = stall.first; i <= stall.last; i++)
    if (realAt(longest, i) > 0 && realAt(longest, i) >= ONE_STRETCH_SHARE * excessOf(steps, i)) return true;
  return false;
}

/** Lets the stretch begin where it began in earnest: a little late work just before is not its start. */
function trim(steps: EngineSteps, stall: Stall): Stall {
  let worst = 0;
  for (let i = stall.first; i <= stall.last; i++) worst = Math.max(worst, excessOf(steps, i));
  const main = mainBucket(steps, stall.first, stall.last).bucket;
  let { first } = stall;
  const isMinor = (i: number) => excessOf(steps, i) < (mainBucket(steps, i, i).bucket === main ? START_SHARE : OTHER_START_SHARE) * worst;
  while (first < stall.last && isMinor(first)) first++;
  let excess = 0;
  for (let i = first; i <= stall.last; i++) excess += excessOf(steps, i);
  return { first, last: stall.last, start: realAt(steps.start, first), end: stall.end, excess };
}
