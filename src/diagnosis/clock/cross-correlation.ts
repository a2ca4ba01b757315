import FFT from 'fft.js';

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
    for (let i = 0; i < values.length; i++) padded[i] = values[i] ?? 0;
    const out = fft.createComplexArray();
    fft.realTransform(out, padded);
    fft.completeSpectrum(out);
    return out;
  };
  const [fa, fb] = [spectrum(a), spectrum(b)];
  const product = fft.createComplexArray();
  for (let i = 0; i < product.length; i += 2) {
    const [ar, ai, br, bi] = [fa[i] ?? 0, fa[i + 1] ?? 0, fb[i] ?? 0, fb[i + 1] ?? 0];
    product[i] = ar * br + ai * bi;
    product[i + 1] = ar * bi - ai * br;
  }
  const back = fft.createComplexArray();
  fft.inverseTransform(back, product);
  const firstLag = 1 - a.length;
  const values = new Float64Array(a.length + b.length - 1);
  for (let k = 0; k < values.length; k++) values[k] = back[2 * ((k + firstLag + size) % size)] ?? 0;
  return { firstLag, values };
}
