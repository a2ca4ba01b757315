import { itemAt, realAt, valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import { CAUSES_BY_FLAG } from '#schema/causes';
import { BUCKETS, type Bucket, WORK } from './buckets.ts';

/** What slows the work inside a graph where it shows outside. */
const SLOWING = [BUCKETS.indexOf('gpu-contention'), BUCKETS.indexOf('collective-wait')];
const UNATTRIBUTED = BUCKETS.indexOf('unattributed');

/** The time of steps, shared out over their losses and their work; ns. */
export interface StepTime {
  /** Time of each step in each bucket: buckets[b][i]. */
  readonly buckets: readonly Float64Array[];
  /** What the longest gap of each step lost to each of the causes that count only in one stretch. */
  readonly longestStretch: ReadonlyMap<Bucket, Float64Array>;
  /** Time of each step that was lost to what more work brings with it: a power cap. */
  readonly followsWork: Float64Array;
}

/**
 * Shares out each step's time over its losses; the rest of it is work.
 * @param cuts a step lies between two neighbours, ns
 * @param duration of each step while requests were in flight, ns
 * @param attributed losses, in order of time
 * @param demand time in which requests were in flight, between two moments
 */
export function shareOut(
  cuts: readonly Ns[],
  duration: Float64Array,
  attributed: readonly AttributedLoss[],
  demand: (from: Ns, to: Ns) => Ns,
): StepTime {
  const n = duration.length;
  const buckets = BUCKETS.map(() => new Float64Array(n));
  const longestStretch = new Map<Bucket, Float64Array>(CAUSES_BY_FLAG['one-stretch'].map(cause => [cause, new Float64Array(n)]));
  const followsWork = new Float64Array(n);
  let first = 0;
  for (let i = 0; i < n; i++) {
    const [start, end] = [valueAt(cuts, i), valueAt(cuts, i + 1)];
    for (let c = attributed[first]; c !== undefined && c.end <= start; c = attributed[first]) first++;
    const inside: Part[] = [];
    for (let k = first, c = attributed[k]; c !== undefined && c.start < end; c = attributed[++k])
      if (isLoss(c)) inside.push({ lost: c, ns: demand(Math.max(start, c.start), Math.min(end, c.end)) });
    const taken = bookStep({ buckets, longestStretch, followsWork }, i, inside);
    itemAt(buckets, WORK)[i] = Math.max(0, realAt(duration, i) - taken);
  }
  return { buckets, longestStretch, followsWork };
}

/** What of a loss lies in a step. */
interface Part {
  readonly lost: AttributedLoss;
  readonly ns: Ns;
}

/** A slow kernel that nothing accounts for is more work: the same kernel serves many sizes. A graph is always the same work. */
const isLoss = ({ cause, loss }: AttributedLoss): boolean => cause !== undefined || loss.kind !== 'slow' || loss.isGraph;

/** Books the losses in one step. @returns what they took of it, ns */
function bookStep({ buckets, longestStretch, followsWork }: StepTime, i: number, losses: readonly Part[]): Ns {
  let taken = 0;
  let gap = { start: Number.NaN, ns: 0 };
  let slowGraph = 0;
  let fromWork = 0;
  for (const { lost, ns } of losses) {
    const { cause, loss, attribution } = lost;
    taken += ns;
    // The engine had been given nothing to do: neither work nor loss.
    if (loss.kind === 'starved' && loss.isInput === true) continue;
    const bucket = buckets[cause === undefined ? UNATTRIBUTED : BUCKETS.indexOf(cause)];
    if (bucket !== undefined) bucket[i] = realAt(bucket, i) + ns;
    const longest = cause === undefined ? undefined : longestStretch.get(cause);
    if (longest !== undefined) {
      // Short calls in between do not end a stretch: it is as long as its gap.
      const opened = loss.kind === 'starved' ? loss.gap.start : lost.start;
      gap = { start: opened, ns: gap.start === opened ? gap.ns + ns : ns };
      longest[i] = Math.max(realAt(longest, i), gap.ns);
    }
    if (cause === undefined && loss.kind === 'slow') slowGraph += ns;
    if (attribution?.followsWork === true) fromWork += ns;
  }
  // A graph is always the same work: where it ran slowly while other work held its GPU, or that of a rank which it waited for, that is why.
  const claimant = SLOWING.find(b => realAt(buckets[b], i) > 0);
  if (slowGraph > 0 && claimant !== undefined) moveTime(buckets, UNATTRIBUTED, claimant, i, slowGraph);
  followsWork[i] = fromWork;
  return taken;
}

/** Gives time of a step from one bucket to another. */
export function moveTime(buckets: readonly Float64Array[], source: number, target: number, i: number, ns: Ns): void {
  const [giver, taker] = [buckets[source], buckets[target]];
  if (giver === undefined || taker === undefined) return;
  giver[i] = Math.max(0, realAt(giver, i) - ns);
  taker[i] = realAt(taker, i) + ns;
}
