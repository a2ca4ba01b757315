import type { Seconds } from '#core/units';
import type { Rows } from '#schema/relation';
import { inOrder, onLine, type Reading } from './readings.ts';

/** What an energy counter says of a window. */
export interface Rise {
  readonly energy_j: number;
  /** How far the window's two edges lie from the counter's readings, together: so much of it is interpolated. */
  readonly interpolated_s: Seconds;
}

/**
 * Rise of a cumulative counter of J over a window.
 * @returns undefined where it does not reach over the window, or fell in it (a driver was loaded anew)
 */
export function riseOf(counter: Rows<Reading>, [from, to]: readonly [Seconds, Seconds]): Rise | undefined {
  const readings = [...inOrder(counter)];
  const at = (t: Seconds) => {
    const i = readings.findIndex(r => r.t >= t);
    const [a, b] = [readings[i - 1], readings[i]];
    if (b?.t === t) return { value: b.value, away_s: 0 };
    return a === undefined || b === undefined ? undefined : { value: onLine(a, b, t), away_s: Math.min(t - a.t, b.t - t) };
  };
  const [start, end] = [at(from), at(to)];
  const fell = readings.some((r, i) => r.t > from && r.t <= to && r.value < (readings[i - 1]?.value ?? r.value));
  if (start === undefined || end === undefined || fell) return undefined;
  return { energy_j: end.value - start.value, interpolated_s: start.away_s + end.away_s };
}
