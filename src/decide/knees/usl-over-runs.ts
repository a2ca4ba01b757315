import { confidenceOfMean } from '#core/math/confidence';
import { type Curves, meanCurve } from './curves.ts';
import { curvature, fitUsl, fitUslFreely, peakOf, type Usl } from './usl.ts';

/** A 95 % interval; null: no bound on that side. */
export type Interval = readonly [low: number | null, high: number | null];

/** The law over repeated runs. */
export interface UslOverRuns {
  /** Through the means over the runs; α and β of 0 or more. */
  readonly fit: Usl;
  /** The load with the most throughput; undefined where the fit has none. */
  readonly peak: number | undefined;
  /** 95 %, over the fits of the runs; undefined for fewer than two runs, or where one of them cannot be fitted. */
  readonly intervals: { readonly gamma: Interval; readonly alpha: Interval; readonly beta: Interval; readonly peak: Interval } | undefined;
}

/** Both tails of a 95 % interval. */
const TAIL = 0.025;
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function intervalOf(values: readonly number[]): Interval | undefined {
  const confidence = confidenceOfMean(values);
  return confidence && [finite(confidence.bound(TAIL)), finite(confidence.bound(1 - TAIL))];
}

/** A load from the curvature there: the more curved, the sooner the peak. A curvature of 0 or less is no peak. */
const loadOf = (curved: number | null): number | null => (curved === null || curved <= 0 ? null : Math.sqrt(1 / curved));

/** Curved beyond any measure is a peak at no load at all. */
const peakInterval = ([low, high]: Interval): Interval => [high === null ? 0 : loadOf(high), loadOf(low)];

/**
 * Fits the law over repeated runs. Each run is fitted by itself, and is one value of each parameter (Student's t, signs flipped from ten runs on), for
 * what one run is faster or slower by, it is at all its loads.
 * @returns undefined where no law can be fitted through the means
 */
export function uslOverRuns(curves: Curves): UslOverRuns | undefined {
  const fit = fitUsl(curves.settings, meanCurve(curves));
  if (fit === undefined) return undefined;
  const fits = curves.runs.flatMap(run => fitUslFreely(curves.settings, run) ?? []);
  const over = (of: (usl: Usl) => number) => (fits.length < curves.runs.length ? undefined : intervalOf(fits.map(of)));
  const [gamma, alpha, beta, curved] = [over(f => f.gamma), over(f => f.alpha), over(f => f.beta), over(curvature)];
  const isKnown = gamma !== undefined && alpha !== undefined && beta !== undefined && curved !== undefined;
  return { fit, peak: peakOf(fit), intervals: isKnown ? { gamma, alpha, beta, peak: peakInterval(curved) } : undefined };
}
