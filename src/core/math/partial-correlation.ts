import jstat from 'jstat';
import { realAt } from '#core/columns';
import type { Confidence } from './confidence.ts';
import { dot } from './dot.ts';
import { fitLinear } from './linear-model.ts';
import { permutedLevel } from './permuted.ts';

/** How two things go together once others are accounted for. */
export interface PartialCorrelation {
  readonly r: number;
  /** Index of the candidate that it is of. */
  readonly candidate: number;
  /** Of Fisher's z = artanh r (Fisher 1924, Metron 3:329): normal, with variance 1 / (n − controls − 3) or more. */
  readonly z: Confidence;
  /**
   * One-sided level of "it rises with none of them": the largest correlation over all candidates, against that of what is left of y in any
   * other order (Freedman & Lane 1983), so that looking at many costs nothing in false alarms.
   */
  readonly p: number;
  /** What is left of each. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Nearer to 1 its z has no end. */
const MOST = 1 - 1e-9;
const ROUNDING = 1e-9;

/** Length of the products of two lists, item by item. */
function productLength(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (realAt(a, i) * realAt(b, i)) ** 2;
  return Math.sqrt(sum);
}
const indicators = (labels: readonly string[]): number[][] =>
  [...new Set(labels)].slice(1).map(label => labels.map(l => (l === label ? 1 : 0)));

/**
 * The strongest correlation of y with one of several candidates, beyond what controls explain in both.
 * @param candidates each as long as y
 * @param controls columns of numbers, without a constant
 * @param strata labels whose means are taken out too; y changes places within them alone
 * @returns undefined where nothing is left to correlate
 */
export function partialCorrelation(
  candidates: readonly (readonly number[])[],
  y: readonly number[],
  controls: readonly (readonly number[])[],
  strata: readonly string[] = y.map(() => ''),
): PartialCorrelation | undefined {
  const columns = [y.map(() => 1), ...indicators(strata), ...controls];
  const right = fitLinear(columns, y)?.residuals;
  const freedom = y.length - columns.length - 2;
  const height = right === undefined ? 0 : Math.hypot(...right);
  if (right === undefined || freedom < 1 || !(height > 0)) return undefined;
  const left = candidates.flatMap((x, candidate) => {
    const residuals = fitLinear(columns, x)?.residuals ?? new Float64Array(0);
    const length = Math.hypot(...residuals);
    // Of a column that the others explain, rounding is left.
    return length > ROUNDING * Math.hypot(...x) ? [{ candidate, residuals, unit: residuals.map(v => v / length) }] : [];
  });
  const rOf = (unit: Float64Array) => Math.max(-MOST, Math.min(MOST, dot(unit, right) / height));
  const [best] = left.toSorted((a, b) => rOf(b.unit) - rOf(a.unit));
  if (best === undefined) return undefined;
  const r = rOf(best.unit);
  // Where both are noisier at the same places, a correlation is noisier than Fisher's variance says.
  const unequal = (productLength(best.unit, right) * Math.sqrt(y.length)) / height;
  const [estimate, error] = [Math.atanh(r), Math.max(1, unequal) / Math.sqrt(freedom)];
  return {
    ...{ r, candidate: best.candidate, x: best.residuals, y: right },
    z: {
      estimate,
      bound: confidence => estimate + error * jstat.jStat.normal.inv(confidence, 0, 1),
      pAtLeast: value => jstat.jStat.normal.cdf((estimate - value) / error, 0, 1),
      pAtMost: value => jstat.jStat.normal.cdf((value - estimate) / error, 0, 1),
    },
    p: permutedLevel(
      right,
      moved => left.reduce((most, { unit }) => Math.max(most, dot(unit, moved) / productLength(unit, moved)), Number.NEGATIVE_INFINITY),
      strata,
    ),
  };
}
