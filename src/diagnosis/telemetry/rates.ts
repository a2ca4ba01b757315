import { realAt, valueAt } from '#core/columns';
import { normalOf } from '#core/math/normal-range';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';

/** Below this the samples cannot say what is usual. */
export const FEWEST_SAMPLES = 5;

/** How fast a counter grew, sample by sample. */
export interface Rates {
  /** Each rate holds from here (ns) … */
  readonly since: Float64Array;
  /** … to here. */
  readonly t: Float64Array;
  readonly perSecond: Float64Array;
  /** Above it, a rate stands out; a second. */
  readonly limitPerSecond: number;
}

/** Rate of a counter between samples that hold it, and what stands out from its usual rate. */
export function ratesOf(t: readonly Ns[], values: readonly (number | null)[]): Rates | undefined {
  const since: Ns[] = [];
  const at: Ns[] = [];
  const rate: number[] = [];
  let before = -1;
  for (let i = 0; i < t.length; i++) {
    const b = values[i];
    if (b == null) continue;
    if (before < 0) {
      before = i;
      continue;
    }
    const a = values[before];
    const dt = (valueAt(t, i) - valueAt(t, before)) / 1e9;
    if (a != null && b >= a && dt > 0) {
      since.push(valueAt(t, before));
      at.push(valueAt(t, i));
      rate.push((b - a) / dt);
    }
    before = i;
  }
  const normal = normalOf(rate, FEWEST_SAMPLES);
  return normal === undefined
    ? undefined
    : { since: Float64Array.from(since), t: Float64Array.from(at), perSecond: Float64Array.from(rate), limitPerSecond: normal.limit };
}

/** Highest rate, a second, of the samples that cover [from, to): a sample speaks for the time since the one before it. */
export function peak(rates: Rates | undefined, from: Ns, to: Ns): number {
  if (rates === undefined) return 0;
  let best = 0;
  for (let i = upperBound(rates.t, from); i < rates.t.length; i++) {
    best = Math.max(best, realAt(rates.perSecond, i));
    if (realAt(rates.t, i) >= to) break;
  }
  return best;
}

/** What a counter grew by in the samples that cover [from, to). */
export function growth(rates: Rates, from: Ns, to: Ns): number {
  let sum = 0;
  for (let i = upperBound(rates.t, from); i < rates.t.length; i++) {
    sum += (realAt(rates.perSecond, i) * (realAt(rates.t, i) - realAt(rates.since, i))) / 1e9;
    if (realAt(rates.t, i) >= to) break;
  }
  return sum;
}

/** A rate that stands out and is not merely one event in a quiet run. */
export const standsOut = (rates: Rates | undefined, from: Ns, to: Ns, least: number): boolean => {
  const p = peak(rates, from, to);
  return rates !== undefined && p > rates.limitPerSecond && p >= least;
};
