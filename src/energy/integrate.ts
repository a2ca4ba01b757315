import { max, mean, min } from 'd3-array';
import type { Seconds } from '#core/units';
import type { EnergyCode, MeteredPower } from '#schema/energy';
import type { Rows } from '#schema/relation';
import { inOrder, type Reading, refreshes, stepOf } from './readings.ts';

/** Start and end on the clock of the readings, s. */
export type Window = readonly [start: Seconds, end: Seconds];

/**
 * Readings further apart than this say nothing about the time between them, which is left out (InferenceX, aggregate_power.py: no bridging
 * of gaps over 3 s).
 */
const LONGEST_GAP_S = 3;
/** Integral and counter must agree to this (InferenceX, aggregate_power.py), and so much of a window may go unseen. */
const AGREEMENT = 0.05;
/**
 * Board power is a mean over a second on Ampere and later (nvidia-smi manual), and A100 and H100 sample a quarter of the time (Yang et al.,
 * SC24, arXiv 2312.02741): a shorter window has no energy of its own.
 */
export const SHORTEST_WINDOW_S = 1;
/** Fewer readings than this do not show what happened between the ends. */
const FEWEST_READINGS = 5;

/** Value at `at` on the line between two readings. */
const onLine = (a: Reading, b: Reading, at: Seconds) => a.value + ((b.value - a.value) * (at - a.t)) / (b.t - a.t);

/** Counter's rise over the window, J: undefined where it does not reach over it, or fell (a driver was loaded anew). */
function riseOf(counter: readonly Reading[], [from, to]: Window): number | undefined {
  const at = (t: Seconds) => {
    const i = counter.findIndex(r => r.t >= t);
    const [a, b] = [counter[i - 1], counter[i]];
    if (b?.t === t) return b.value;
    return a === undefined || b === undefined ? undefined : onLine(a, b, t);
  };
  const [start, end] = [at(from), at(to)];
  const fell = counter.some((r, i) => r.t > from && r.t <= to && r.value < (counter[i - 1]?.value ?? r.value));
  return start === undefined || end === undefined || fell ? undefined : end - start;
}

/**
 * Energy of one sensor over a window: trapezoids between its readings, linear interpolation at the window's edges, nothing over gaps. What
 * makes the figure unfit for use is said in codes; it is given all the same, but for windows shorter than a second.
 * @param power W over s
 * @param counter cumulative J over s of the same sensor's own meter, for a cross-check
 */
export function integrate(
  power: Rows<Reading>,
  window: Window,
  counter: Rows<Reading> = [],
): Omit<MeteredPower, 'entity' | 'level' | 'in_use'> {
  const [from, to] = window;
  const length_s = to - from;
  const readings = refreshes(inOrder(power));
  let energy_j = 0;
  let covered_s = 0;
  let skipped_s = 0;
  const values_w: number[] = [];
  let before: Reading | undefined;
  for (const b of readings) {
    const a = before;
    before = b;
    if (b.t >= from && b.t <= to) values_w.push(b.value);
    if (a === undefined || b.t <= from || a.t >= to) continue;
    const [start, end] = [Math.max(a.t, from), Math.min(b.t, to)];
    if (b.t - a.t > LONGEST_GAP_S) skipped_s += end - start;
    else {
      energy_j += ((onLine(a, b, start) + onLine(a, b, end)) / 2) * (end - start);
      covered_s += end - start;
    }
  }
  const counter_j = riseOf([...inOrder(counter)], window);
  // The counter knows the whole window: compared is the mean power, of which the integral may have seen a part.
  const apart =
    counter_j === undefined || covered_s <= 0 || counter_j <= 0 ? 0 : Math.abs(energy_j / covered_s / (counter_j / length_s) - 1);
  const codes: EnergyCode[] = [
    ...(length_s < SHORTEST_WINDOW_S ? ['window-too-short' as const] : []),
    ...(values_w.length < FEWEST_READINGS ? ['too-few-readings' as const] : []),
    ...(skipped_s > 0 ? ['gap' as const] : []),
    ...(covered_s < (1 - AGREEMENT) * length_s ? ['window-not-covered' as const] : []),
    ...(apart > AGREEMENT ? ['counter-disagrees' as const] : []),
  ];
  // What cannot be said is not given, or it would be quoted.
  const known = covered_s > 0 && length_s >= SHORTEST_WINDOW_S;
  return {
    readings: values_w.length,
    refresh_s: stepOf(readings) ?? null,
    covered_s,
    energy_j: known ? energy_j : null,
    mean_w: known ? energy_j / covered_s : null,
    mean_of_readings_w: known ? (mean(values_w) ?? null) : null,
    min_w: known ? (min(values_w) ?? null) : null,
    max_w: known ? (max(values_w) ?? null) : null,
    counter_j: counter_j ?? null,
    codes,
  };
}
