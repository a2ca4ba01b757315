import { realAt, valueAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import { CAUSES_BY_FLAG } from '#schema/causes';
import { BUCKETS, type Bucket, type EngineSteps } from './engine-steps.ts';

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

/** Time of a step beyond a normal one's. */
export const excessOf = (steps: EngineSteps, i: number): Ns => Math.max(0, realAt(steps.duration, i) - steps.normal.duration.median);

/** How the excess of one step is made up: what exceeds the normal step, scaled to the excess. */
export function makeUp(steps: EngineSteps, i: number): ReadonlyMap<Bucket, Ns> {
  const excess = excessOf(steps, i);
  const over = BUCKETS.map((_, b) => Math.max(0, realAt(steps.buckets[b], i) - valueAt(steps.normal.buckets, b)));
  const total = over.reduce((a, b) => a + b, 0);
  const out = new Map<Bucket, Ns>();
  if (total <= 0) return out;
  for (const [b, bucket] of BUCKETS.entries()) if (valueAt(over, b) > 0) out.set(bucket, (valueAt(over, b) / total) * excess);
  return out;
}

/**
 * Groups the steps that stand out into stretches. The first and the last step are left out: the capture's edges cut them,
 * so their length says nothing.
 */
export function findStalls(steps: EngineSteps): readonly Stall[] {
  const { limit, median } = steps.normal.duration;
  const out: { first: number; last: number; start: Ns; end: Ns; excess: Ns }[] = [];
  for (let i = 1; i < steps.n - 1; i++) {
    if (realAt(steps.duration, i) <= limit && !isSlowedThroughout(steps, i)) continue;
    const last = out.at(-1);
    if (last !== undefined && realAt(steps.start, i) - last.end <= BRIDGED_STEPS * median) {
      last.last = i;
      last.end = realAt(steps.end, i);
      last.excess += excessOf(steps, i);
    } else out.push({ first: i, last: i, start: realAt(steps.start, i), end: realAt(steps.end, i), excess: excessOf(steps, i) });
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

/** Whether a step was slowed by a cause that slows many steps a little. */
const isSlowedThroughout = (steps: EngineSteps, i: number): boolean =>
  CAUSES_BY_FLAG.sustained.some(bucket => {
    const b = BUCKETS.indexOf(bucket);
    return realAt(steps.buckets[b], i) - valueAt(steps.normal.buckets, b) >= SUSTAINED_SHARE * steps.normal.duration.median;
  });

/** Buckets of which every normal step holds a share: a little more of them is how a busy machine behaves, not a fault. */
const EVERYDAY: ReadonlySet<Bucket> = new Set<Bucket>([...CAUSES_BY_FLAG.everyday, 'work', 'unattributed']);

/**
 * Whether a stretch was held up for a reason, rather than merely running a little slowly. Causes with evidence of their own always
 * count. Time that every step spends anyway counts when service fell below half of its normal speed, and host code only when a
 * single stretch of it outlasted a whole normal step: many launches that are each a little late are a busy host.
 */
function isStalled(steps: EngineSteps, stall: Stall): boolean {
  const { bucket } = mainBucket(steps, stall.first, stall.last);
  if (!EVERYDAY.has(bucket)) return true;
  const normal = steps.normal.duration.median;
  if (stall.excess < (stall.last - stall.first + 1) * normal) return false;
  const longest = steps.longestStretch.get(bucket);
  if (longest === undefined) return true;
  for (let i = stall.first; i <= stall.last; i++) if (realAt(longest, i) >= normal) return true;
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
