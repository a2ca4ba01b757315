import type { Ms, Ns } from '#core/units';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { WAITING_CAUSE } from '#schema/causes';
import type { DelayBreakdown } from './delay-breakdown.ts';

/**
 * Stretches in which requests waited for admission long enough to become slow, with no stall of the lane behind it.
 * Waits in the busy period of an incident are part of that story, not a queue of their own; waits that overlap form one queue.
 */
export function queueIncidents(delays: readonly DelayBreakdown[], limitMs: Ms): readonly ExplainedStall[] {
  const waits = delays
    .filter(b => b.waitedMs > 0 && b.behind === undefined)
    .map(b => ({ start: b.request.arrival, end: b.request.served, slow: b.slow && b.waitedMs >= limitMs }))
    .toSorted((a, b) => a.start - b.start);
  const queues: { start: Ns; end: Ns; slow: boolean }[] = [];
  for (const w of waits) {
    const last = queues.at(-1);
    if (last !== undefined && w.start <= last.end) {
      last.end = Math.max(last.end, w.end);
      last.slow ||= w.slow;
    } else queues.push({ ...w });
  }
  const out = queues.filter(q => q.slow);
  return out.map(({ start, end }) => ({
    start,
    end,
    excess: end - start,
    causes: [
      {
        cause: WAITING_CAUSE,
        excess: end - start,
        subject: 'requests waiting for admission while the device did its normal work',
        confidence: 'medium' as const,
      },
    ],
    shares: [],
  }));
}
