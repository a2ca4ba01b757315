import { OUTLIER_SIGMAS } from '#core/math/normal-range';
import type { Ns } from '#core/units';
import type { EdgeTrain, ThreadEdges } from './edge-trains.ts';
import { type LagEvidence, lagAt, lagEvidence } from './lag-evidence.ts';
import { CLOCK_NOISE_NS, WAKE_NS } from './limits.ts';
import type { WaitFamily } from './wait-calls.ts';

/** Who usually ends waits of one kind, and how that is known. */
export interface Partner extends LagEvidence {
  readonly thread: number;
  /** wake: by calls that end waits; rhythm: by when it goes to wait, comes from waiting, or launches. */
  readonly rule: 'wake' | 'rhythm';
  readonly train: EdgeTrain;
}

/** Waits of one kind, in order of their ends. */
export interface WaitClass {
  /** undefined: own code, that may wait by any means. */
  readonly family: WaitFamily | undefined;
  readonly ends: Float64Array;
  /** How long they usually last, and the width of the shortest interval that holds half of these lengths. */
  readonly length: Ns;
  readonly spread: Ns;
  /** The call may just as well read a file: then its end must be tied to the partner more closely than to its own begin. */
  readonly maybeWork: boolean;
}

/** A thread that might end the waits. */
export interface Candidate {
  readonly thread: number;
  readonly edges: ThreadEdges;
}

/** What an edge says of its thread at that moment, the surest first. */
const RANK = { wake: 0, begin: 1, launch: 2, end: 2 } as const;

/** True where the thread was at work right up to these moments: at others it must be shown to be. */
const acts = (train: EdgeTrain): boolean => train.kind === 'wake' || train.kind === 'begin';

/** Trains whose thread did something to end the wait; `end` says only that it came from waiting itself, as all who were woken together do. */
function admissible(train: EdgeTrain, family: WaitFamily | undefined, e: LagEvidence): boolean {
  switch (train.kind) {
    case 'wake':
      return (family === undefined || train.family === family) && e.lag <= WAKE_NS;
    case 'begin':
      // One who has been waiting for long wakes nobody.
      return e.lag <= WAKE_NS;
    case 'end':
      // Nobody is woken, runs and wakes another in less than this: they were woken together.
      return e.lag > CLOCK_NOISE_NS;
    case 'launch':
      return true;
  }
}

const isSurer = (a: Partner, b: Partner | undefined) =>
  b === undefined || RANK[a.train.kind] < RANK[b.train.kind] || (RANK[a.train.kind] === RANK[b.train.kind] && a.lag < b.lag);

/** Work takes as long as it takes: its end follows its own begin as closely as another's acts, or nearly. */
const isTiedToItsBegin = (waits: WaitClass, e: LagEvidence) => OUTLIER_SIGMAS * Math.max(CLOCK_NOISE_NS, e.half) > waits.spread;

/** The surest partner of these waits: of those whose moments explain most of them, by what it did, then by who did it last. */
function surest(
  waits: WaitClass,
  candidates: readonly Candidate[],
  span: Ns,
): { readonly partner: Partner; readonly edges: ThreadEdges } | undefined {
  let best: { readonly partner: Partner; readonly edges: ThreadEdges } | undefined;
  const tried = candidates.reduce((n, c) => n + c.edges.trains.length, 0);
  for (const { thread, edges } of candidates)
    for (const train of edges.trains) {
      if (train.kind === 'wake' && waits.family !== undefined && train.family !== waits.family) continue;
      const evidence = lagEvidence(waits.ends, train.times, span, tried, acts(train) ? undefined : edges.awakeBefore);
      if (evidence === undefined || !admissible(train, waits.family, evidence)) continue;
      if (waits.maybeWork && isTiedToItsBegin(waits, evidence)) continue;
      const partner: Partner = { ...evidence, thread, train, rule: train.kind === 'wake' ? 'wake' : 'rhythm' };
      if (isSurer(partner, best?.partner)) best = { partner, edges };
    }
  return best;
}

/** Partners of waits of one kind: the surest of all of them, then that of those which it does not explain, and so on. */
export function partnersOf(waits: WaitClass, candidates: readonly Candidate[], span: Ns): readonly Partner[] {
  const out: Partner[] = [];
  for (let left = waits; left.ends.length > 0; ) {
    const best = surest(left, candidates, span);
    if (best === undefined) break;
    const { partner, edges } = best;
    out.push(partner);
    left = { ...left, ends: left.ends.filter(end => !isUsual(partner, edges, end)) };
  }
  return out;
}

/** True where a wait that ended at `end` ended at the partner's usual lag, and the partner was in no wait of its own. */
export function isUsual(partner: Partner, edges: ThreadEdges, end: Ns): boolean {
  const lag = lagAt(partner.train.times, end);
  return lag >= partner.low && lag <= partner.high && (acts(partner.train) || edges.awakeBefore(end));
}

/**
 * True where a wait ended later after the partner came from waiting than usual, and the partner worked all that time: the wait was longer than usual
 * by no more than the partner's work was.
 */
export function isLate(partner: Partner, edges: ThreadEdges, usualLength: Ns, start: Ns, end: Ns): boolean {
  if (partner.train.kind !== 'end' || !edges.awakeBefore(end)) return false;
  const worked = end - edges.busySince(end);
  return worked > partner.high && end - start - usualLength <= worked - partner.low + WAKE_NS;
}

/** When the partner did what ended the wait; where it is only known since when it worked, that end itself. */
export const actedAt = (partner: Partner, end: Ns): Ns =>
  acts(partner.train) ? Math.min(end, end - lagAt(partner.train.times, end)) : end;
