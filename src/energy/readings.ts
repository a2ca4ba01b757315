import { median } from 'd3-array';

/** A sensor's value at a time, s. */
export interface Reading {
  readonly t: number;
  readonly value: number;
}

/** Changes that it takes to say how often a sensor refreshes. */
const FEWEST_CHANGES = 5;
/** A sensor counts as polled faster than it refreshes when a value lasts for more than this many polls: less is jitter. */
const POLLS_EACH = 1.5;

const stepsOf = (times: readonly number[]) => times.slice(1).map((t, i) => t - (times[i] ?? 0));

/** Readings in the order of time, one for each moment. */
export const inOrder = (readings: readonly Reading[]): Reading[] => {
  const sorted = readings.filter(r => Number.isFinite(r.t) && Number.isFinite(r.value)).toSorted((a, b) => a.t - b.t);
  return sorted.filter((r, i) => r.t !== sorted[i - 1]?.t);
};

/**
 * Leaves each refresh of a sensor in once: polled faster than it refreshes, it repeats its value, and the repeats are no readings. How often
 * it refreshes is the median time between changes. A value that lasts longer than that is a new reading of the same value: a steady load is
 * not a gap.
 * @param readings as of `inOrder`
 */
export function refreshes(readings: readonly Reading[]): Reading[] {
  const changes = readings.filter((r, i) => i > 0 && r.value !== readings[i - 1]?.value).map(r => r.t);
  const refresh = median(stepsOf(changes));
  const poll = median(stepsOf(readings.map(r => r.t)));
  if (changes.length <= FEWEST_CHANGES || refresh === undefined || poll === undefined || refresh < POLLS_EACH * poll) return [...readings];
  const kept: Reading[] = [];
  for (const r of readings) {
    const last = kept.at(-1);
    if (last === undefined || r.value !== last.value || r.t - last.t >= refresh - poll / 2) kept.push(r);
  }
  return kept;
}

/** Median time between readings, s; undefined for fewer than two. */
export const stepOf = (readings: readonly Reading[]): number | undefined => median(stepsOf(readings.map(r => r.t)));
