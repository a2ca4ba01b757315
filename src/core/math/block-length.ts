import { mean } from 'd3-array';
import { realAt } from '#core/columns';

/** Lags in a row that must all be small before the correlation counts as gone (Politis & White 2004, footnote c: at least 5). */
const leastQuiet = (n: number) => Math.max(5, Math.ceil(Math.log10(n)));
/** Two-sided 95 % of the normal: correlations below this many standard errors count as none. */
const Z = 1.96;
/** Fewer values than this cannot show their own correlation. */
const FEWEST = 20;

/** The flat-top lag window of Politis & Romano 1995. */
const flatTop = (x: number) => (Math.abs(x) <= 0.5 ? 1 : Math.max(0, 2 * (1 - Math.abs(x))));

/** Autocovariances at lags 0 … most, with divisor n. */
export function autocovariances(values: ArrayLike<number>, most: number): Float64Array {
  const n = values.length;
  const average = mean(Array.from(values)) ?? 0;
  const centred = Float64Array.from(values, v => v - average);
  return Float64Array.from({ length: Math.min(most, n - 1) + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += realAt(centred, i) * realAt(centred, i - lag);
    return sum / n;
  });
}

/** After which lag the correlation is lost in noise: the smallest m such that the next `quiet` lags all are. */
function lastLag(covariances: Float64Array, n: number, quiet: number): number {
  const limit = Z * Math.sqrt(Math.log10(n) / n) * realAt(covariances, 0);
  let run = 0;
  let last = 0;
  for (let lag = 1; lag < covariances.length; lag++) {
    if (Math.abs(realAt(covariances, lag)) < limit) run++;
    else {
      run = 0;
      last = lag;
    }
    if (run === quiet) return last;
  }
  return last;
}

/**
 * Mean block length of the stationary bootstrap that is best for the variance of a mean (Politis & White 2004, Econometric Reviews 23:53,
 * as corrected by Patton, Politis & White 2009, 28:372): b = (2G²/D)^(1/3)·n^(1/3) with G = Σ λ(k/M)|k|R(k) and D = 2(Σ λ(k/M)R(k))².
 * In values, at least 1 (independent values); at most 3√n and n/3.
 * @param values in the order of time
 */
export function automaticBlockLength(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < FEWEST) return 1;
  const quiet = leastQuiet(n);
  const most = Math.ceil(Math.sqrt(n)) + quiet;
  const covariances = autocovariances(values, most);
  if (!(realAt(covariances, 0) > 0)) return 1;
  const bandwidth = Math.min(most, 2 * Math.max(1, lastLag(covariances, n, quiet)));
  let g = 0;
  let spectrum = realAt(covariances, 0);
  for (let lag = 1; lag <= bandwidth && lag < covariances.length; lag++) {
    const part = 2 * flatTop(lag / bandwidth) * realAt(covariances, lag);
    g += lag * part;
    spectrum += part;
  }
  if (spectrum <= 0) return 1;
  const best = Math.cbrt((g * g) / (spectrum * spectrum)) * Math.cbrt(n);
  return Math.max(1, Math.min(best, Math.ceil(Math.min(3 * Math.sqrt(n), n / 3))));
}
