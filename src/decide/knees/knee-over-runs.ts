import { confidenceOfMean } from '#core/math/confidence';
import { type Curves, meanCurve } from './curves.ts';
import { type Bend, differences, kneedle } from './kneedle.ts';

/** Why no knee is named. */
export type NoKnee = 'few-settings' | 'straight' | 'noise' | 'still-rising';

/** The knee over repeated runs. */
export interface KneeOverRuns {
  /** Of the mean of the runs; undefined where none shows. */
  readonly knee: number | undefined;
  /** The lowest and the highest setting that may be the knee, at 95 %; undefined for one run. */
  readonly interval: readonly [number, number] | undefined;
  readonly why: NoKnee | undefined;
}

/** That the knee is left out of its interval. */
const ALPHA = 0.05;
/** A knee parts a stretch where most of what load is added comes out from one where most does not: half a doubling of the figure for a doubling of the load. */
const HALF = 0.5;

/**
 * Settings that may be the knee: those that no other exceeds beyond chance in Kneedle's difference (multiple comparisons with the best, Hsu 1981, Ann. Stat. 9:1026, with
 * paired t tests over the runs and Bonferroni over the settings). The true one is left out of five samples of a hundred at the most.
 */
function candidates({ settings, runs }: Curves, bend: Bend): readonly number[] {
  const curves = runs.map(run => differences(settings, run, bend));
  const level = ALPHA / Math.max(1, settings.length - 1);
  const exceeds = (other: number, one: number) => {
    const confidence = confidenceOfMean(curves.map(curve => (curve[other] ?? 0) - (curve[one] ?? 0)));
    return confidence !== undefined && confidence.pAtMost(0) <= level;
  };
  return settings.flatMap((_, one) => (settings.some((_, other) => other !== one && exceeds(other, one)) ? [] : [one]));
}

/** By what power of the load the figure grows from one setting to the last. */
function growthAfter(settings: readonly number[], values: readonly number[], at: number): number {
  const [x, y] = [(settings.at(-1) ?? 1) / (settings[at] ?? 1), (values.at(-1) ?? 1) / (values[at] ?? 1)];
  return Math.log(y) / Math.log(x);
}

/**
 * The knee of a curve over repeated runs, by Kneedle on their mean, with the settings that may be it.
 * @param curves settings above 0, ascending
 */
export function kneeOverRuns(curves: Curves, bend: Bend = 'concave'): KneeOverRuns {
  const { settings, runs } = curves;
  const none = (why: NoKnee, interval?: KneeOverRuns['interval']): KneeOverRuns => ({ knee: undefined, interval, why });
  if (settings.length < 3) return none('few-settings');
  const mean = meanCurve(curves);
  const at = kneedle(settings, mean, bend);
  if (at === undefined) return none('straight');
  if (bend === 'concave' && growthAfter(settings, mean, at) > HALF) return none('still-rising');
  const knee = settings[at];
  if (runs.length < 2) return { knee, interval: undefined, why: undefined };
  const possible = candidates(curves, bend);
  const [low, high] = [possible[0] ?? at, possible.at(-1) ?? at];
  const interval = [settings[low] ?? Number.NaN, settings[high] ?? Number.NaN] as const;
  // An end of the curve is no knee: where it may be the largest difference, the curve may as well be straight.
  return low === 0 || high === settings.length - 1 ? none('noise', interval) : { knee, interval, why: undefined };
}
