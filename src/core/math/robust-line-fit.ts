import { valueAt } from '#core/columns';
import { medianOf } from './median.ts';
import { MAD_TO_SIGMA } from './normal-range.ts';

/** A straight line through points, found robustly, and how far the points scatter about it. In the units of times and values. */
export interface RobustLine {
  readonly at: (t: number) => number;
  /** Value in the middle of the times. */
  readonly middle: number;
  readonly slope: number;
  /** Robust standard deviation of what is left. */
  readonly spread: number;
}

/** Crystals of two hosts differ by less than this, disciplined or not: 200 ppm. */
const STEEPEST = 2e-4;
/** Fewer points than this do not tell a slope from chance. */
const FEWEST_FOR_SLOPE = 24;

const spreadOf = (values: readonly number[]): number => {
  const m = medianOf(values);
  return MAD_TO_SIGMA * medianOf(values.map(v => Math.abs(v - m)));
};

/** The line through the medians of the first and of the last third: half of either may be wild. Times must ascend. */
export function robustLine(times: readonly number[], values: readonly number[]): RobustLine {
  const n = times.length;
  const third = Math.floor(n / 3);
  const t0 = medianOf(times.slice(0, third));
  const t1 = medianOf(times.slice(n - third));
  const flat = spreadOf(values);
  const t = medianOf(times);
  const level = medianOf(values);
  if (n >= FEWEST_FOR_SLOPE && t1 > t0) {
    const slope = (medianOf(values.slice(n - third)) - medianOf(values.slice(0, third))) / (t1 - t0);
    if (Math.abs(slope) <= STEEPEST) {
      const base = medianOf(values.map((v, i) => v - slope * (valueAt(times, i) - t)));
      const spread = spreadOf(values.map((v, i) => v - base - slope * (valueAt(times, i) - t)));
      // A slope must explain something: where it moves the ends by less than the scatter, there is none.
      if (Math.abs(slope) * (t1 - t0) > 2 * spread && spread < flat)
        return { at: x => base + slope * (x - t), middle: base, slope, spread };
    }
  }
  return { at: () => level, middle: level, slope: 0, spread: flat };
}
