declare module 'fft.js' {
  /** Radix-4 transform of complex numbers laid out as [re, im, re, im, …]. `size` is a power of two. */
  export default class FFT {
    constructor(size: number);
    createComplexArray(): number[];
    realTransform(out: number[], real: readonly number[]): void;
    completeSpectrum(out: number[]): void;
    transform(out: number[], data: readonly number[]): void;
    inverseTransform(out: number[], data: readonly number[]): void;
  }
}
