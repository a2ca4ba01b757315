import { randomLcg } from 'd3-random';
import { realAt } from '#core/columns';
import type { Confidence } from './confidence.ts';
import { dot } from './dot.ts';
import { fitLinear } from './linear-model.ts';
import { percentile } from './percentiles.ts';
import { permutedLevel } from './permuted.ts';
import { SEED } from './seed.ts';

/** A line that turns upwards at a knee: y = a + b x + c max(0, x − knee). */
export interface Hinge {
  readonly knee: number;
  /** 95 % interval of the knee. */
  readonly kneeInterval: readonly [number, number];
  readonly intercept: number;
  /** Slope before the knee, and by how much it grows there. */
  readonly slope: number;
  readonly turn: number;
  /** Of how far the line at the largest x lies above the continued line from before the knee. In the unit of y. */
  readonly rise: Confidence;
  /** One-sided level of "it does not turn upwards". */
  readonly p: number;
}

/** Places between two neighbouring values of x at which a knee is looked for. */
const PLACES = 4;
const RESAMPLES = 999;

/** A knee may lie from the second smallest to the second largest x: on each side are values at two places, which a line needs. */
function places(x: readonly number[]): readonly number[] {
  const distinct = [...new Set(x)].sort((a, b) => a - b).slice(1, -1);
  return distinct.flatMap((from, i) => {
    const to = distinct[i + 1];
    return to === undefined ? [from] : Array.from({ length: PLACES }, (_, k) => from + ((to - from) * k) / PLACES);
  });
}

/** A place, and the part of max(0, x − place) that a straight line does not explain: its direction, of unit length, and its length. */
interface Direction {
  readonly at: number;
  readonly of: Float64Array;
  readonly length: number;
}

function directions(x: readonly number[], at: readonly number[]): readonly Direction[] {
  const line = [x.map(() => 1), x];
  return at.flatMap(place => {
    const left = fitLinear(
      line,
      x.map(v => Math.max(0, v - place)),
    )?.residuals;
    const length = left === undefined ? 0 : Math.hypot(...left);
    return left === undefined || !(length > 0) ? [] : [{ at: place, of: left.map(v => v / length), length }];
  });
}

/** Where the fit of least squares has its knee, whichever way it turns, and by how much its slope grows there: no line has a part in these directions. */
function bestTurn(y: Float64Array, all: readonly Direction[]): { readonly knee: number; readonly turn: number } {
  let [knee, turn, most] = [Number.NaN, Number.NaN, -1];
  for (const { at, of, length } of all) {
    const gain = dot(of, y);
    if (Math.abs(gain) > most) [knee, turn, most] = [at, gain / length, Math.abs(gain)];
  }
  return { knee, turn };
}

function fitAt(x: readonly number[], y: readonly number[], knee: number) {
  const fit = fitLinear([x.map(() => 1), x, x.map(v => Math.max(0, v - knee))], y);
  const [intercept, slope, turn] = fit?.coefficients ?? [];
  if (fit === undefined || intercept === undefined || slope === undefined || turn === undefined) return undefined;
  return { intercept, slope, turn, residuals: fit.residuals, freedom: fit.freedom };
}

/** The rises and knees of resampled residuals about a fit, each ascending. */
function resampled(x: readonly number[], y: readonly number[], residuals: Float64Array, freedom: number, all: readonly Direction[]) {
  const last = Math.max(...x);
  const random = randomLcg(SEED);
  // Residuals are shorter than the noise by the degrees of freedom that the fit took, the knee's among them.
  const stretch = Math.sqrt(x.length / Math.max(1, freedom - 1));
  const fitted = Float64Array.from(y, (value, i) => value - realAt(residuals, i));
  const again = new Float64Array(x.length);
  const drawn = Array.from({ length: RESAMPLES }, () => {
    for (let i = 0; i < again.length; i++) again[i] = realAt(fitted, i) + stretch * realAt(residuals, Math.floor(random() * again.length));
    return bestTurn(again, all);
  });
  return {
    rises: Float64Array.from(drawn, ({ knee, turn }) => turn * (last - knee)).sort(),
    knees: Float64Array.from(drawn, ({ knee }) => knee).sort(),
  };
}

/**
 * Fits a line that turns at a knee (segmented regression: Muggeo 2003, Statistics in Medicine 22:3055), the knee looked for at many places
 * instead of by iteration. Whether it turns is a test of the largest gain over all places, against that of the residuals of a straight line
 * in any other order (Hansen 1996, Econometrica 64:413, for a parameter that exists under the alternative alone). Intervals are of
 * resampled residuals.
 * @returns undefined for fewer than four different x, or too few values
 */
export function fitHinge(x: readonly number[], y: readonly number[]): Hinge | undefined {
  const line = fitLinear([x.map(() => 1), x], y);
  if (line === undefined || new Set(x).size < 4 || x.length < 6) return undefined;
  const all = directions(x, places(x));
  const { knee } = bestTurn(Float64Array.from(y), all);
  const fit = fitAt(x, y, knee);
  if (fit === undefined) return undefined;
  // Whatever the order, residuals have the same length: the largest gain is the largest ratio of variances too.
  const p = permutedLevel(line.residuals, moved => {
    let most = Number.NEGATIVE_INFINITY;
    for (const { of } of all) most = Math.max(most, dot(of, moved));
    return most;
  });
  const { rises, knees } = resampled(x, y, fit.residuals, fit.freedom, all);
  const share = (holds: (rise: number) => boolean) => (1 + rises.filter(holds).length) / (1 + RESAMPLES);
  return {
    ...{ knee, intercept: fit.intercept, slope: fit.slope, turn: fit.turn, p },
    kneeInterval: [percentile(knees, 0.025), percentile(knees, 0.975)],
    rise: {
      estimate: fit.turn * (Math.max(...x) - knee),
      bound: confidence => percentile(rises, confidence),
      pAtMost: value => share(rise => rise <= value),
      pAtLeast: value => share(rise => rise >= value),
    },
  };
}
