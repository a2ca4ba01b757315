import { intAt, realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { MAD_TO_SIGMA } from '#core/math/normal-range';
import type { Ns, Share } from '#core/units';
import { medianOfOthers, type Waits } from './waits.ts';

/** A rank that enters this much later than the others is worth a name, however quiet the rest: one step of decoding takes milliseconds. */
const LEAST_LATE_NS = 1e6;
/** Robust standard deviations of the ranks' entries beyond which an entry is no part of their usual scatter. Waits have long tails: three would name thousands. */
const LATE_SIGMAS = 10;
/** What happens to a typical rank more often than once in a thousand collectives (a page of the profiler's buffers, a garbage collection) is jitter; a single event never is. */
const TAIL = 0.999;
/** To be late is to be this many times later than that. */
const TAIL_MULTIPLE = 2;
/** No order is claimed within this many residuals of the merged clocks: three standard deviations. */
const RESIDUALS = 3;
/** A rank whose median entry is later by this many standard deviations is late by habit: a slower device, or more work. */
const HABIT_SIGMAS = 3;
/** Habits shorter than a few launches cost nothing that could be mended. */
const LEAST_HABIT_NS = 20_000;
/** Of its usual lateness, what a collective must show to be counted for a habit. */
const HABIT_SHARE: Share = 0.5;

/** What is noise in the entries of a group's ranks. */
export interface Noise {
  /** Later than this is late. */
  readonly limit: Ns;
  /** For each participant the lateness that is its habit, or undefined. */
  readonly habit: readonly (Ns | undefined)[];
  /** No order is claimed within this error of the clocks. */
  readonly unsure: Ns;
  /** Robust standard deviation of the entries about each rank's own usual place. */
  readonly sigma: Ns;
  /** True when this collective's last participant was late beyond the noise. */
  readonly isLate: (i: number) => boolean;
}

/** At most this many collectives are sampled for medians. */
const SAMPLED = 20_000;

/**
 * The limit beyond which a rank that enters late is a straggler, and no jitter. Jitter befalls all ranks alike, so it is measured on a typical rank: the limit is
 * twice the lateness that such a rank shows once in a thousand collectives, and never less than ten robust standard deviations of
 * the entries, three residuals of the clocks, and a millisecond.
 */
export function noiseOf(waits: Waits, residual: Ns): Noise {
  const { n, ranks, lateness, last } = waits;
  const step = Math.max(1, Math.floor(n / SAMPLED));
  const sampled = Math.ceil(n / step);
  const entries = ranks.map(() => new Float64Array(sampled));
  const starts = new Float64Array(ranks.length);
  for (let k = 0; k < sampled; k++) {
    for (let p = 0; p < ranks.length; p++) starts[p] = waits.startOf(p, k * step);
    for (const [p, list] of entries.entries()) list[k] = realAt(starts, p) - medianOfOthers(starts, p);
  }
  const places = entries.map(list => (list.length === 0 ? 0 : medianOf(list)));
  const centred = new Float64Array(ranks.length * sampled);
  for (const [p, list] of entries.entries())
    for (let k = 0; k < sampled; k++) centred[p * sampled + k] = Math.abs(realAt(list, k) - valueAt(places, p));
  const sigma = MAD_TO_SIGMA * medianOf(centred);
  const tails = ranks.map((_, p) => {
    const own = new Float64Array(n);
    for (let i = 0; i < n; i++) if (last[i] === p) own[i] = realAt(lateness, i);
    return realAt(own.sort(), Math.floor(TAIL * (n - 1)));
  });
  // The lower median: with two ranks, the one that is less often late is the typical one.
  const typical = valueAt(
    tails.toSorted((x, y) => x - y),
    (tails.length - 1) >> 1,
  );
  const unsure = RESIDUALS * (Number.isNaN(residual) ? 0 : residual);
  const limit = Math.max(LEAST_LATE_NS, LATE_SIGMAS * sigma, TAIL_MULTIPLE * typical, unsure);
  const habit = places.map(m => (m > Math.max(HABIT_SIGMAS * sigma, LEAST_HABIT_NS, unsure) ? m : undefined));
  const isLate = (i: number) => {
    const late = realAt(lateness, i);
    const usual = habit[intAt(last, i)];
    return late > limit || (usual !== undefined && late > HABIT_SHARE * usual);
  };
  return { limit, habit, unsure, sigma, isLate };
}
