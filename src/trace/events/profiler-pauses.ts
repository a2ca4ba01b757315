import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';

/** Columns of calls as they were read. */
interface Calls {
  readonly n: number;
  readonly start_ns: Float64Array;
  readonly end_ns: Float64Array;
  readonly global_pid: Float64Array;
  readonly name_id: Int32Array;
}

/** A stretch in which a process had told the profiler to stop and nothing of it was recorded. */
export interface ProfilerPause {
  /** As the trace numbers it (global_pid). */
  readonly process: number;
  readonly start: Ns;
  readonly end: Ns;
  /** The call that stopped the profiler. */
  readonly nameId: number;
}

const STOP = /^cu(da)?ProfilerStop/;

/**
 * Finds the pauses of a profiler that a program stops and starts: from the end of a stop to the next record of the process, whatever kind. A call
 * of the operating system in between shows that recording went on, and ends it.
 */
export function profilerPauses(api: Calls, os: Calls, nameOf: (nameId: number) => string): readonly ProfilerPause[] {
  const stopIds = new Set([...new Set(api.name_id)].filter(id => STOP.test(nameOf(id))));
  if (stopIds.size === 0) return [];
  const stops = new Map<number, { end: Ns; nameId: number }[]>();
  for (let i = 0; i < api.n; i++) {
    const nameId = intAt(api.name_id, i);
    if (stopIds.has(nameId)) getOrCompute(stops, realAt(api.global_pid, i), () => []).push({ end: realAt(api.end_ns, i), nameId });
  }
  return [...stops].flatMap(([process, list]) => {
    const ordered = list.toSorted((a, b) => a.end - b.end);
    const ends = Float64Array.from(ordered, s => s.end);
    const next = new Float64Array(ends.length).fill(Number.POSITIVE_INFINITY);
    for (const calls of [api, os])
      for (let i = 0; i < calls.n; i++) {
        if (calls.global_pid[i] !== process) continue;
        // Still open when the profiler stopped: it shows nothing of the time after.
        const k = upperBound(ends, realAt(calls.start_ns, i)) - 1;
        if (k >= 0) next[k] = Math.min(realAt(next, k), realAt(calls.start_ns, i));
      }
    return ordered.flatMap(({ end, nameId }, k) =>
      Number.isFinite(realAt(next, k)) && realAt(next, k) > end ? [{ process, start: end, end: realAt(next, k), nameId }] : [],
    );
  });
}
