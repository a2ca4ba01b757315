import { realAt } from '#core/columns';

/** Of longer stretches a sample is looked at first. */
const SAMPLED = 600;

/**
 * Puts the k-th smallest value (from 0) at index k, none greater before it and none smaller after it, in time proportional to the number of
 * values (Floyd & Rivest 1975, CACM 18:165). None may be NaN.
 */
export function select(values: Float64Array, k: number, from = 0, to = values.length - 1): void {
  let left = from;
  let right = to;
  while (right > left) {
    if (right - left > SAMPLED) {
      // Around the k-th of a sample lies, nearly surely, the k-th of all: what remains to be parted is short.
      const n = right - left + 1;
      const i = k - left + 1;
      const z = Math.log(n);
      const s = 0.5 * Math.exp((2 * z) / 3);
      const spread = 0.5 * Math.sqrt((z * s * (n - s)) / n) * (i < n / 2 ? -1 : 1);
      select(values, k, Math.max(left, Math.floor(k - (i * s) / n + spread)), Math.min(right, Math.floor(k + ((n - i) * s) / n + spread)));
    }
    const pivot = realAt(values, k);
    let i = left;
    let j = right;
    while (i <= j) {
      while (realAt(values, i) < pivot) i++;
      while (realAt(values, j) > pivot) j--;
      if (i > j) break;
      const kept = realAt(values, i);
      values[i++] = realAt(values, j);
      values[j--] = kept;
    }
    if (j < k) left = i;
    if (k < i) right = j;
  }
}
