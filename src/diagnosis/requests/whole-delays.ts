import { getOrCompute } from '#core/get-or-compute';
import type { Ms } from '#core/units';
import type { DelayBreakdown } from './delay-breakdown.ts';
import type { JudgedRequest } from './requests.ts';
import type { Segment } from './segments.ts';

/**
 * Puts the delays of requests together that had a part in several lanes.
 * @param delays of each lane's segments
 * @param segments of each lane
 * @param requests those that the segments are parts of
 */
export function wholeDelays(
  delays: readonly (readonly DelayBreakdown[])[],
  segments: readonly (readonly Segment[])[],
  requests: readonly JudgedRequest[],
): readonly DelayBreakdown[] {
  const owner = new Map(segments.flatMap(list => list.map(s => [s.request, s.of] as const)));
  const parts = new Map<number, DelayBreakdown[]>();
  for (const d of delays.flat()) getOrCompute(parts, owner.get(d.request) ?? -1, () => [] as DelayBreakdown[]).push(d);
  return [...parts].flatMap(([of, list]) => {
    const [first, ...rest] = list;
    const request = requests[of];
    if (first === undefined || request === undefined) return [];
    return [rest.reduce(sumOf, { ...first, request, expectedMs: request.timeMs - first.excessMs })];
  });
}

function sumOf(a: DelayBreakdown, b: DelayBreakdown): DelayBreakdown {
  return {
    request: a.request,
    expectedMs: a.expectedMs - b.excessMs,
    excessMs: a.excessMs + b.excessMs,
    slow: a.slow || b.slow,
    parts: added(a.parts, b.parts),
    full: added(a.full, b.full),
    byIncident: new Map([...a.byIncident, ...b.byIncident]),
    waitedMs: a.waitedMs + b.waitedMs,
    waitCause: a.waitedMs >= b.waitedMs ? a.waitCause : b.waitCause,
    behind: a.behind ?? b.behind,
  };
}

function added<K>(a: ReadonlyMap<K, Ms>, b: ReadonlyMap<K, Ms>): ReadonlyMap<K, Ms> {
  const out = new Map(a);
  for (const [key, ms] of b) out.set(key, (out.get(key) ?? 0) + ms);
  return out;
}
