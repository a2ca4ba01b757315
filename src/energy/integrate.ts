import { extent, max, mean, min } from 'd3-array';
import type { Seconds } from '#core/units';
import type { EnergyCode, MeteredPower } from '#schema/energy';
import type { Rows } from '#schema/relation';
import { riseOf } from './counter.ts';
import { inOrder, onLine, type Reading, refreshes, stepOf } from './readings.ts';

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

/**
 * A sensor that shows the mean of the last `w` seconds misses half of `w` at the start of a burst: up to w/2 of its energy. Below this many
 * windows that is more than 5 %.
 */
const SENSOR_WINDOWS = 1 / (2 * AGREEMENT);

/** What a meter offers beside its readings of power. */
export interface Meter {
  /** Cumulative J over s of the same sensor's own counter. */
  readonly counter?: Rows<Reading>;
  /** Over how long each reading of power is a mean; undefined where that is not known. */
  readonly sensorWindow_s?: Seconds | undefined;
}

/** What readings of power alone say of a window. */
interface Integral {
  readonly energy_j: number;
  readonly covered_s: Seconds;
  readonly skipped_s: Seconds;
  /** Readings in the window, W. */
  readonly values_w: readonly number[];
}

/** Trapezoids between readings, straight lines at the window's edges, nothing over gaps. */
function integralOf(readings: Rows<Reading>, [from, to]: Window): Integral {
  let [energy_j, covered_s, skipped_s] = [0, 0, 0];
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
  return { energy_j, covered_s, skipped_s, values_w };
}

/** What keeps readings of power from being the energy of a window of this length. */
function defectsOf({ covered_s, skipped_s, values_w }: Integral, length_s: Seconds, sensorWindow_s: Seconds): EnergyCode[] {
  return [
    ...(length_s < SHORTEST_WINDOW_S ? ['window-too-short' as const] : []),
    ...(length_s >= SHORTEST_WINDOW_S && length_s < SENSOR_WINDOWS * sensorWindow_s ? ['averaged-power' as const] : []),
    ...(values_w.length < FEWEST_READINGS ? ['too-few-readings' as const] : []),
    ...(skipped_s > 0 ? ['gap' as const] : []),
    ...(covered_s < (1 - AGREEMENT) * length_s ? ['window-not-covered' as const] : []),
  ];
}

/**
 * Energy of one sensor over a window: by its readings of power, and by its counter where those leave too much unseen. What makes the figure
 * unfit for use is said in codes; it is given all the same, but for windows shorter than a second.
 * @param power W over s
 */
export function integrate(
  power: Rows<Reading>,
  window: Window,
  { counter = [], sensorWindow_s }: Meter = {},
): Omit<MeteredPower, 'entity' | 'level' | 'in_use'> {
  const length_s = window[1] - window[0];
  const readings = refreshes(inOrder(power));
  const integral = integralOf(readings, window);
  const { energy_j, covered_s, values_w } = integral;
  const rise = riseOf(counter, window);
  const defects = defectsOf(integral, length_s, sensorWindow_s ?? 0);
  // The counter knows the whole window: compared is the mean power, of which the integral may have seen a part.
  const apart =
    rise === undefined || covered_s <= 0 || rise.energy_j <= 0 ? 0 : Math.abs(energy_j / covered_s / (rise.energy_j / length_s) - 1);
  const [low_w = 0, high_w = 0] = extent(values_w);
  // A counter whose mean power no reading comes near counts something else.
  const isNear = (mean_w: number) => values_w.length === 0 || (mean_w >= (1 - AGREEMENT) * low_w && mean_w <= (1 + AGREEMENT) * high_w);
  const isCounted =
    rise !== undefined &&
    rise.interpolated_s <= AGREEMENT * length_s &&
    defects.some(code => code !== 'window-too-short') &&
    isNear(rise.energy_j / length_s);
  // Readings that saw a part, or a mean, may differ from the counter for that reason.
  const disagrees = !isCounted && apart > AGREEMENT;
  // What cannot be said is not given, or it would be quoted.
  const isKnown = (isCounted || covered_s > 0) && length_s >= SHORTEST_WINDOW_S;
  const when = <T>(value: T | undefined): T | null => (isKnown ? (value ?? null) : null);
  const told_j = isCounted ? rise.energy_j : energy_j;
  const unseen_s = isCounted ? 0 : Math.max(0, length_s - covered_s);
  return {
    readings: values_w.length,
    refresh_s: stepOf(readings) ?? null,
    covered_s,
    energy_by: isCounted ? 'counter' : 'readings',
    energy_j: when(told_j),
    energy_low_j: when(told_j + unseen_s * low_w),
    energy_high_j: when(told_j + unseen_s * high_w),
    sensor_window_s: sensorWindow_s ?? null,
    mean_w: when(told_j / (isCounted ? length_s : covered_s)),
    mean_of_readings_w: when(mean(values_w)),
    min_w: when(min(values_w)),
    max_w: when(max(values_w)),
    counter_j: rise?.energy_j ?? null,
    codes: [
      ...(isCounted ? defects.filter(code => code === 'window-too-short') : defects),
      ...(disagrees ? ['counter-disagrees' as const] : []),
    ],
  };
}
