import { deviation, mean } from 'd3-array';
import { randomLcg } from 'd3-random';
import FFT from 'fft.js';
import { realAt, valueAt } from '#core/columns';
import type { Share } from '#core/units';
import { SEED } from './seed.ts';

export interface LaggedCorrelation {
  /** The correlation that is largest in size over all lags looked at. */
  readonly r: number;
  /** At which lag, in cells: positive where the second series follows the first. */
  readonly lag: number;
  /** Share of surrogates, and of the data itself, whose largest correlation over the same lags is no smaller. */
  readonly p: Share;
  readonly n: number;
  readonly surrogates: number;
  readonly seed: number;
}

export interface CorrelationOptions {
  /** Lags from -maxLag to maxLag are looked at, in cells. */
  readonly maxLag: number;
  readonly surrogates?: number;
  readonly seed?: number;
}

/** p is known to one part in a thousand. */
const SURROGATES = 999;

/** Zero mean and unit spread; undefined for a series that never changes. */
function standardised(values: ArrayLike<number>): number[] | undefined {
  const list = Array.from(values);
  const spread = deviation(list) ?? 0;
  const average = mean(list) ?? 0;
  return spread > 0 ? list.map(v => (v - average) / spread) : undefined;
}

/**
 * Whether two slow series move together, at a lag that is not known beforehand. Neighbouring values of such series resemble one another,
 * so that plain Pearson finds a correlation where there is none; here chance is what random phases do: surrogates with the same spectrum,
 * hence the same autocorrelation (Ebisuzaki 1997, J. Climate 10:2147). The largest correlation over the lags is compared with the largest
 * of each surrogate over the same lags, so that looking at many lags costs nothing in false alarms.
 * Both series lie on one regular grid (see `onGrid`) and are taken to be periodic, as the transform does.
 * @param a,b equally long, a power of two of values
 * @returns undefined where a series never changes
 */
export function laggedCorrelation(a: ArrayLike<number>, b: ArrayLike<number>, options: CorrelationOptions): LaggedCorrelation | undefined {
  const { maxLag, surrogates = SURROGATES, seed = SEED } = options;
  const n = a.length;
  const x = standardised(a);
  const y = standardised(b);
  if (x === undefined || y === undefined || n !== b.length || n < 4 || !Number.isInteger(Math.log2(n))) return undefined;
  const transform = new FFT(n);
  const spectrumOf = (values: number[]): number[] => {
    const out: number[] = transform.createComplexArray();
    transform.realTransform(out, values);
    return out;
  };
  const [fx, fy] = [spectrumOf(x), spectrumOf(y)];
  // conj(X)·Y: its inverse transform holds the correlation at every lag.
  const cross = new Float64Array(n + 2);
  for (let k = 0; k <= n; k += 2) {
    const [xr, xi, yr, yi] = [valueAt(fx, k), valueAt(fx, k + 1), valueAt(fy, k), valueAt(fy, k + 1)];
    cross[k] = xr * yr + xi * yi;
    cross[k + 1] = xr * yi - xi * yr;
  }
  const turned: number[] = transform.createComplexArray();
  const lags: number[] = transform.createComplexArray();
  const reach = Math.min(maxLag, n / 2 - 1);
  /** Turns each frequency by an angle, and finds the largest correlation. */
  const largest = (angle: () => number): { readonly r: number; readonly lag: number } => {
    turned[0] = 0;
    turned[1] = 0;
    for (let k = 2; k < n; k += 2) {
      const phase = angle();
      const [cos, sin] = [Math.cos(phase), Math.sin(phase)];
      const [re, im] = [realAt(cross, k), realAt(cross, k + 1)];
      turned[k] = re * cos - im * sin;
      turned[k + 1] = re * sin + im * cos;
    }
    // The highest frequency of a real series is real: its phase is a sign.
    turned[n] = realAt(cross, n) * (Math.cos(angle()) < 0 ? -1 : 1);
    turned[n + 1] = 0;
    transform.completeSpectrum(turned);
    transform.inverseTransform(lags, turned);
    let best = { r: 0, lag: 0 };
    for (let lag = -reach; lag <= reach; lag++) {
      const r = valueAt(lags, 2 * ((lag + n) % n)) / (n - 1);
      if (Math.abs(r) > Math.abs(best.r)) best = { r, lag };
    }
    return best;
  };
  const seen = largest(() => 0);
  const random = randomLcg(seed);
  let asLarge = 0;
  for (let i = 0; i < surrogates; i++) if (Math.abs(largest(() => 2 * Math.PI * random()).r) >= Math.abs(seen.r) - 1e-12) asLarge++;
  return { ...seen, p: (1 + asLarge) / (1 + surrogates), n, surrogates, seed };
}
