import jstat from 'jstat';
import type { Bytes } from '#core/units';

/** How long a message of one size took. */
export interface Timed {
  readonly bytes: Bytes;
  readonly us: number;
}

/** time = latency + bytes / bandwidth (Hockney 1994, Parallel Computing 20:389). */
export interface Hockney {
  readonly latency_us: number;
  readonly bytes_per_us: number;
  /** Messages of this size reach half of the bandwidth: latency × bandwidth. 0 where no latency shows. */
  readonly half_bytes: Bytes;
}

/** Two numbers are fitted, and what is left has to tell how far they can be trusted. */
const FEWEST_SIZES = 4;
/** Weights follow the fitted times, which settle in a few rounds. */
const ROUNDS = 8;
const CONFIDENCE = 0.95;

/**
 * The line through times whose errors are relative, as those of timers and clocks are: weights are 1 / time². Times that were measured short would so
 * weigh too much, and after the first round the fitted times stand in the weights (iteratively reweighted least squares).
 * @returns undefined where times do not grow with the size: there is no bandwidth to see
 */
function lineThrough(points: readonly Timed[]): Hockney | undefined {
  let fitted: Hockney | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const previous = fitted;
    const timeOf = (p: Timed) => (previous === undefined ? p.us : previous.latency_us + p.bytes / previous.bytes_per_us);
    const sum = (of: (p: Timed) => number) => points.reduce((total, p) => total + of(p) / timeOf(p) ** 2, 0);
    const [w, x, y] = [sum(() => 1), sum(p => p.bytes), sum(p => p.us)];
    const [xx, xy] = [sum(p => p.bytes ** 2), sum(p => p.bytes * p.us)];
    const slope = (w * xy - x * y) / (w * xx - x * x);
    const latency = (y - slope * x) / w;
    // A latency below zero is none.
    const usPerByte = latency > 0 ? slope : xy / xx;
    if (!(usPerByte > 0) || !Number.isFinite(usPerByte)) return undefined;
    const latency_us = Math.max(0, latency);
    fitted = { latency_us, bytes_per_us: 1 / usPerByte, half_bytes: latency_us / usPerByte };
  }
  return fitted;
}

/** @returns undefined with fewer than four sizes, or where times do not grow with the size. @param points one of each size */
export const hockneyOf = (points: readonly Timed[]): Hockney | undefined =>
  new Set(points.map(p => p.bytes)).size < FEWEST_SIZES ? undefined : lineThrough(points);

/**
 * 95 % interval of the half size: jackknife on its logarithm, which keeps it above zero, with Student's t for what two fitted numbers leave (Efron and
 * Tibshirani 1993, An Introduction to the Bootstrap, ch. 11). undefined where leaving out one size leaves no half size.
 */
export function halfBytesInterval(points: readonly Timed[]): readonly [Bytes, Bytes] | undefined {
  const whole = hockneyOf(points);
  if (whole === undefined || whole.half_bytes === 0) return undefined;
  const n = points.length;
  const without = points.map((_, i) => Math.log(lineThrough(points.filter((__, j) => j !== i))?.half_bytes ?? 0));
  if (!without.every(Number.isFinite)) return undefined;
  const mean = without.reduce((a, b) => a + b, 0) / n;
  const error = Math.sqrt(((n - 1) / n) * without.reduce((total, v) => total + (v - mean) ** 2, 0));
  const reach = jstat.jStat.studentt.inv((1 + CONFIDENCE) / 2, n - 2) * error;
  const centre = Math.log(whole.half_bytes);
  return [Math.exp(centre - reach), Math.exp(centre + reach)];
}
