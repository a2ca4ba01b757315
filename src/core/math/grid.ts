import { median } from 'd3-array';
import { valueAt } from '#core/columns';
import { upperBound } from './spans.ts';

/** Readings over time, `t` ascending in any unit. */
export interface Readings {
  readonly t: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

/** Changes that it takes to say how often a sensor refreshes. */
const FEWEST_CHANGES = 5;

/**
 * How often a series truly refreshes, in the unit of its times: the median time between changes of its value. Polling faster repeats a
 * value and adds nothing. undefined where it changes too rarely to say.
 */
export function trueRefresh({ t, value }: Readings): number | undefined {
  const steps: number[] = [];
  let last: number | undefined;
  for (let i = 1; i < t.length; i++) {
    if (value[i] === value[i - 1]) continue;
    if (last !== undefined) steps.push(valueAt(t, i) - last);
    last = valueAt(t, i);
  }
  return steps.length < FEWEST_CHANGES ? undefined : median(steps);
}

/** Number of cells, a power of two as the transform wants it, such that no cell is shorter than the slowest refresh. */
export const cellsFor = (length: number, slowest: number): number => 2 ** Math.floor(Math.log2(Math.max(1, length / slowest)));

/** Means of the readings in `cells` equal cells of [from, to); a cell without one takes the value between its neighbours in time. */
export function onGrid({ t, value }: Readings, [from, to]: readonly [number, number], cells: number): Float64Array {
  const width = (to - from) / cells;
  return Float64Array.from({ length: cells }, (_, k) => {
    const start = from + k * width;
    const first = t.length === 0 ? 0 : lowerBound(t, start);
    const end = lowerBound(t, start + width);
    if (end === first) return between({ t, value }, start + width / 2);
    let sum = 0;
    for (let i = first; i < end; i++) sum += valueAt(value, i);
    return sum / (end - first);
  });
}

/** Index of the first value that is not below x. */
function lowerBound(values: ArrayLike<number>, x: number): number {
  let i = upperBound(values, x);
  while (i > 0 && values[i - 1] === x) i--;
  return i;
}

/** The value at a time, on the straight line between the two readings around it; that of the nearest one beyond both ends. */
function between({ t, value }: Readings, at: number): number {
  const i = upperBound(t, at);
  const [t0, t1, a, b] = [t[i - 1], t[i], value[i - 1], value[i]];
  if (t0 === undefined || a === undefined) return b ?? Number.NaN;
  if (t1 === undefined || b === undefined || t1 <= t0) return a;
  return a + ((b - a) * (at - t0)) / (t1 - t0);
}
