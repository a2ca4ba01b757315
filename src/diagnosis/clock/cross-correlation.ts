import FFT from 'fft.js';
import { realAt, valueAt } from '#core/columns';

/** Two trains of events, in how many bins each, laid over each other at every whole number of bins. */
export interface Correlation {
  /** Lag of the first value, in bins: what must be added to the events of `a`. */
  readonly firstLag: number;
  readonly values: Float64Array;
}

/**
 * Circular-free cross-correlation of two binned trains by the fast Fourier transform: values[k] = Σ a[i] · b[i + firstLag + k].
 * O(n log n) for n bins together.
 */
export function crossCorrelation(a: Float64Array, b: Float64Array): Correlation {
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, a.length + b.length)));
  const fft = new FFT(size);
  const spectrum = (values: Float64Array): number[] => {
    const padded = new Array<number>(size).fill(0);
    for (let i = 0; i < values.length; i++) padded[i] = realAt(values, i);
    const out = fft.createComplexArray();
    fft.realTransform(out, padded);
    fft.completeSpectrum(out);
    return out;
  };
  const [fa, fb] = [spectrum(a), spectrum(b)];
  const product = fft.createComplexArray();
  for (let i = 0; i < product.length; i += 2) {
    const [ar, ai, br, bi] = [valueAt(fa, i), valueAt(fa, i + 1), valueAt(fb, i), valueAt(fb, i + 1)];
    product[i] = ar * br + ai * bi;
    product[i + 1] = ar * bi - ai * br;
  }
  const back = fft.createComplexArray();
  fft.inverseTransform(back, product);
  const firstLag = 1 - a.length;
  const values = new Float64Array(a.length + b.length - 1);
  for (let k = 0; k < values.length; k++) values[k] = valueAt(back, 2 * ((k + firstLag + size) % size));
  return { firstLag, values };
}
