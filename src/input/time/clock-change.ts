import type { Ms } from '#core/units';
import { median, steps } from './sampling.ts';

const HOUR_MS = 3_600_000;
/** The first sample after the change comes within this many usual steps of the last one before it. */
const WITHIN_STEPS = 5;

/** What the order of a file's rows shows of its clock. */
export interface ClockHistory {
  /** What to add to each time so that an hour that was lived twice is there twice; undefined where no clock was put back. */
  readonly shift_ms: Float64Array | undefined;
  /** Index of the first row after each change to winter time. */
  readonly changes: readonly number[];
  /** The longest way that the clock ran back otherwise, and the row where it did. */
  readonly ranBack_ms: Ms;
  readonly ranBackAt: number;
}

/**
 * Reads the history of a clock from times in the order in which they were written. Stamps without a zone run back by an hour where summer
 * time ends: what follows is later by that hour. What runs back otherwise (a clock that was set, files joined in the wrong order) cannot be
 * mended, only told.
 * @param times_ms of each row, in the order of the file
 * @param of which clock each row belongs to (a GPU's rows are in order, those of two need not be)
 * @param isZoneless whether the stamps are wall-clock time that knows no zone
 */
export function clockHistory(times_ms: ArrayLike<Ms>, of: (row: number) => number, isZoneless: boolean): ClockHistory {
  const latest = new Map<number, Ms>();
  const usual = median(steps(rising(times_ms, of))) ?? 0;
  const changes: number[] = [];
  let shift_ms: Float64Array | undefined;
  let added_ms = 0;
  let [ranBack_ms, ranBackAt] = [0, -1];
  for (let i = 0; i < times_ms.length; i++) {
    const clock = of(i);
    const before = latest.get(clock);
    const back = before === undefined ? 0 : before - ((times_ms[i] ?? 0) + added_ms);
    if (isZoneless && isHourBack(back, usual)) {
      shift_ms ??= new Float64Array(times_ms.length);
      added_ms += HOUR_MS;
      changes.push(i);
    } else if (back > ranBack_ms) [ranBack_ms, ranBackAt] = [back, i];
    if (shift_ms !== undefined) shift_ms[i] = added_ms;
    const now = (times_ms[i] ?? 0) + added_ms;
    if (before === undefined || now > before) latest.set(clock, now);
  }
  return { shift_ms, changes, ranBack_ms, ranBackAt };
}

/** An hour, less the step that would have come. */
const isHourBack = (back: Ms, usual: Ms): boolean => back <= HOUR_MS && back >= HOUR_MS - WITHIN_STEPS * Math.max(usual, 1);

/** Times of the clock that comes first. */
function* rising(times_ms: ArrayLike<Ms>, of: (row: number) => number): Generator<Ms, void> {
  const first = times_ms.length === 0 ? 0 : of(0);
  for (let i = 0; i < times_ms.length; i++) if (of(i) === first) yield times_ms[i] ?? 0;
}
