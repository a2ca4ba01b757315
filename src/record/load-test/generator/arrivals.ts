import { randomExponential, randomGamma } from 'd3-random';
import { ForensicsError } from '#core/errors';
import type { PerSecond } from '#core/units';

/** When requests of an open loop are meant to be sent. */
export type Arrivals =
  | { readonly kind: 'constant' | 'poisson'; readonly rate: number }
  /** Gaps from a gamma distribution: a coefficient of variation above 1 is burstier than Poisson, below 1 more even. */
  | { readonly kind: 'gamma'; readonly rate: number; readonly cv: number }
  /** Poisson arrivals whose rate goes evenly from one value to another in the duration of the run. */
  | { readonly kind: 'ramp'; readonly from: PerSecond; readonly to: PerSecond }
  /** Seconds from the first arrival, ascending. */
  | { readonly kind: 'trace'; readonly offsets: readonly number[] };

/** Where the arrivals end: after so many seconds, or so many requests, whichever is first. */
export interface Extent {
  readonly seconds: number;
  readonly requests: number;
}

/** More than this is a mistake in the rate, not a plan: the schedule is held in memory. */
const MOST_REQUESTS = 20_000_000;

/**
 * The schedule: seconds from its beginning, ascending.
 * @param source uniform numbers in [0, 1)
 * @throws ForensicsError bad-argument for a schedule without end, or of more than twenty million requests
 */
export function schedule(arrivals: Arrivals, extent: Extent, source: () => number): Float64Array {
  const next = offsets(arrivals, extent, source);
  const out: number[] = [];
  for (let i = 0; i < extent.requests; i++) {
    const offset = next(i);
    if (!(offset < extent.seconds)) break;
    if (out.length >= MOST_REQUESTS)
      throw new ForensicsError(
        'bad-argument',
        `--rate over --duration makes more than ${MOST_REQUESTS} requests`,
        'Lower --rate or --duration.',
      );
    out.push(offset);
  }
  return Float64Array.from(out);
}

function offsets(arrivals: Arrivals, { seconds }: Extent, source: () => number): (i: number) => number {
  switch (arrivals.kind) {
    case 'constant':
      return i => i / arrivals.rate;
    case 'poisson':
      return summed(randomExponential.source(source)(arrivals.rate));
    case 'gamma': {
      // A gamma distribution of shape k and scale s has mean k·s and coefficient of variation 1/√k.
      const shape = 1 / arrivals.cv ** 2;
      return summed(randomGamma.source(source)(shape, 1 / (arrivals.rate * shape)));
    }
    case 'ramp': {
      if (!Number.isFinite(seconds))
        throw new ForensicsError(
          'bad-argument',
          'a ramp needs a --duration',
          'Say in what time the rate goes from one value to the other.',
        );
      // Inversion (Çinlar, Introduction to Stochastic Processes, 1975, §4.7): unit-rate arrivals through the inverse of the summed rate.
      const unit = summed(randomExponential.source(source)(1));
      const { from, to } = arrivals;
      const slope = (to - from) / seconds;
      return i => {
        const area = unit(i);
        const root = from * from + 2 * slope * area;
        return root < 0 ? Number.POSITIVE_INFINITY : (2 * area) / (from + Math.sqrt(root));
      };
    }
    case 'trace':
      return i => arrivals.offsets[i] ?? Number.POSITIVE_INFINITY;
  }
}

function summed(gap: () => number): (i: number) => number {
  let at = 0;
  return () => {
    at += gap();
    return at;
  };
}
