import { intAt, realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import type { Ns, Share } from '#core/units';
import type { GpuOps } from '#trace/events/gpu-ops';
import { pairNumbers } from '#trace/events/numbers';
import { FEWEST_STEPS } from './limits.ts';
import { type RankSteps, stepsFrom } from './step-cuts.ts';
import type { TrainingRank } from './training-rank.ts';

/** A sequence has a period where nearly all of its works come again after it. */
const AGAIN: Share = 0.9;
/** Works of so many kinds are tried as the beat: those that come most rarely, one after the other. */
const TRIED = 64;

/** Share of a sequence that is the same a period later. */
function again(sequence: Int32Array, period: number): Share {
  let same = 0;
  for (let k = 0; k + period < sequence.length; k++) if (sequence[k] === sequence[k + period]) same++;
  return same / (sequence.length - period);
}

/** Works in a row, at most, that are tried as the beat: layers repeat within a step, so that no single kind of work need come once. */
const LONGEST_GRAM = 256;

/** A sequence, and the same with each place numbered by the two, four, … works that follow there: equal numbers, equal works. */
function grams(sequence: Int32Array): Int32Array[] {
  const out = [sequence];
  let current = sequence;
  for (let length = 1; length < LONGEST_GRAM && current.length > length; length *= 2) {
    const number = pairNumbers();
    const next = new Int32Array(current.length - length);
    for (let k = 0; k < next.length; k++) next[k] = number(intAt(current, k), intAt(current, k + length));
    out.push(next);
    current = next;
  }
  return out;
}

/** Where each kind of work stands in a sequence. */
function placesOf(sequence: Int32Array): Map<number, number[]> {
  const out = new Map<number, number[]>();
  for (const [k, work] of sequence.entries()) {
    const list = out.get(work);
    if (list === undefined) out.set(work, [k]);
    else list.push(k);
  }
  return out;
}

/** The shortest period of a sequence of works, or undefined where it has none. */
export function periodOf(sequence: Int32Array): number | undefined {
  const rare = grams(sequence).flatMap(gram =>
    [...placesOf(gram).values()]
      .filter(p => p.length > FEWEST_STEPS)
      .toSorted((a, b) => a.length - b.length)
      .slice(0, TRIED),
  );
  const periods = rare.map(p => Math.round(medianOf(p.slice(1).map((at, k) => at - valueAt(p, k)))));
  return [...new Set(periods)]
    .filter(p => p > 1 && p * (FEWEST_STEPS + 1) <= sequence.length)
    .toSorted((a, b) => a - b)
    .find(p => again(sequence, p) >= AGAIN);
}

/**
 * A rank's steps by the period of what it launches: the autocorrelation of its sequence of kernels and shapes. Each begins with the work that comes
 * once a period and has the longest rest before it.
 */
export function byPeriod(ops: GpuOps, { work }: TrainingRank): RankSteps | undefined {
  const sequence = Int32Array.from(work, i => intAt(ops.work, i));
  const period = periodOf(sequence);
  if (period === undefined) return undefined;
  const expected = sequence.length / period;
  const rest = (k: number): Ns => (k === 0 ? 0 : realAt(ops.start, intAt(work, k)) - realAt(ops.end, intAt(work, k - 1)));
  const [beat] = grams(sequence)
    .flatMap(gram => [...placesOf(gram).values()])
    .filter(p => Math.abs(p.length - expected) <= 1 + 0.1 * expected)
    .map(places => ({ places, rest: medianOf(places.map(rest)) }))
    .toSorted((a, b) => b.rest - a.rest);
  if (beat === undefined) return undefined;
  // A step ends where the work before the beat does.
  const ends = beat.places.filter(k => k > 0).map(k => realAt(ops.end, intAt(work, k - 1)));
  const steps = stepsFrom(
    ends,
    Float64Array.from(work, i => realAt(ops.start, i)),
  );
  return steps.n < FEWEST_STEPS ? undefined : steps;
}
