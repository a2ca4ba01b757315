import { medianOf } from '#core/math/median';
import { NumberColumn } from '#core/math/number-column';
import type { Seconds } from '#core/units';
import type { Rows } from '#schema/relation';

/** What a sensor showed: W of power, cumulative J of a counter. */
export interface Reading {
  readonly t: Seconds;
  readonly value: number;
}

/** Readings of a sensor as two columns of numbers: a log may hold tens of millions. */
export class ReadingColumns implements Rows<Reading> {
  readonly #t = new NumberColumn();
  readonly #value = new NumberColumn();

  get length(): number {
    return this.#t.length;
  }

  push(t: Seconds, value: number): void {
    this.#t.push(t);
    this.#value.push(value);
  }

  at(index: number): Reading | undefined {
    const i = index < 0 ? this.length + index : index;
    if (i < 0 || i >= this.length) return undefined;
    return { t: this.#t.at(i) ?? Number.NaN, value: this.#value.at(i) ?? Number.NaN };
  }

  *[Symbol.iterator](): Generator<Reading, void> {
    for (let i = 0; i < this.length; i++) yield { t: this.#t.at(i) ?? Number.NaN, value: this.#value.at(i) ?? Number.NaN };
  }
}

/** Changes that it takes to say how often a sensor refreshes. */
const FEWEST_CHANGES = 5;
/** A sensor counts as polled faster than it refreshes when a value lasts for more than this many polls: less is jitter. */
const POLLS_EACH = 1.5;

const isRising = (readings: Iterable<Reading>): boolean => {
  let last = Number.NEGATIVE_INFINITY;
  for (const { t } of readings) {
    if (t < last) return false;
    last = t;
  }
  return true;
};

/** Readings in the order of time, one for each moment. */
export const inOrder = (readings: Iterable<Reading>): ReadingColumns => {
  const found = new ReadingColumns();
  let last: number | undefined;
  for (const { t, value } of isRising(readings) ? readings : [...readings].sort((a, b) => a.t - b.t)) {
    if (!Number.isFinite(t) || !Number.isFinite(value) || t === last) continue;
    found.push(t, value);
    last = t;
  }
  return found;
};

/** Median time between neighbours, s; undefined for fewer than two readings. */
export const stepOf = (readings: Rows<Reading>): Seconds | undefined => {
  if (readings.length < 2) return undefined;
  const steps = new Float64Array(readings.length - 1);
  let n = 0;
  let last: number | undefined;
  for (const { t } of readings) {
    if (last !== undefined) steps[n++] = t - last;
    last = t;
  }
  return medianOf(steps);
};

/**
 * Leaves each refresh of a sensor in once: polled faster than it refreshes, it repeats its value, and the repeats are no readings. How often
 * it refreshes is the median time between changes. A value that lasts longer than that is a new reading of the same value: a steady load is
 * not a gap.
 * @param readings as of `inOrder`
 */
export function refreshes(readings: Rows<Reading>): Rows<Reading> {
  const changes = new ReadingColumns();
  let before: Reading | undefined;
  for (const r of readings) {
    if (before !== undefined && r.value !== before.value) changes.push(r.t, r.value);
    before = r;
  }
  const refresh = stepOf(changes);
  const poll = stepOf(readings);
  if (changes.length <= FEWEST_CHANGES || refresh === undefined || poll === undefined || refresh < POLLS_EACH * poll) return readings;
  const kept = new ReadingColumns();
  for (const r of readings) {
    const last = kept.at(-1);
    if (last === undefined || r.value !== last.value || r.t - last.t >= refresh - poll / 2) kept.push(r.t, r.value);
  }
  return kept;
}

/** Value at `at` on the line between two readings. */
export const onLine = (a: Reading, b: Reading, at: Seconds): number => a.value + ((b.value - a.value) * (at - a.t)) / (b.t - a.t);
