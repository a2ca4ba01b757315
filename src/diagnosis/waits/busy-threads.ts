import { realAt } from '#core/columns';
import { coverage } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { ThreadEdges } from './edge-trains.ts';
import { ALL_THE_TIME, COINCIDENCE, WINDOWS } from './limits.ts';
import type { OnCpu } from './scheduler.ts';

/** Tells whether one thread was busy all of some time, though that is unusual for it. */
export type BusyThroughout = (from: Ns, to: Ns) => boolean;

/**
 * On the CPU, where the scheduler says so; else standing in no call that waits, between two that do: so its waits are recorded at all.
 * @param start first moment of the trace
 * @param end last moment of the trace
 */
export function busyThroughout(edges: ThreadEdges, cpu: OnCpu | undefined, start: Ns, end: Ns): BusyThroughout {
  const { waiting: still } = edges;
  if (cpu === undefined && still.n === 0) return () => false;
  const stillIn = coverage(still);
  const share = (from: Ns, to: Ns): Share => (cpu !== undefined ? cpu.within(from, to) : to - from - stillIn(from, to)) / (to - from);
  const isSeen = (from: Ns, to: Ns) => cpu !== undefined || (realAt(still.start, 0) < from && realAt(still.end, still.n - 1) > to);
  /** How often it is busy for so long at any other time. */
  const usual = (length: Ns) => {
    const windows = Math.max(1, Math.min(WINDOWS, Math.floor((end - start) / length)));
    let busy = 0;
    for (let k = 0; k < windows; k++) {
      const from = start + ((end - start - length) * k) / Math.max(1, windows - 1);
      if (isSeen(from, from + length) && share(from, from + length) >= ALL_THE_TIME) busy++;
    }
    return busy / windows;
  };
  return (from, to) => to > from && isSeen(from, to) && share(from, to) >= ALL_THE_TIME && usual(to - from) <= COINCIDENCE;
}
