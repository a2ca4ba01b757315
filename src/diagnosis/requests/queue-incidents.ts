import type { Ms, Ns } from '#core/units';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { type CauseOrRest, WAITING_CAUSE } from '#schema/causes';
import type { DelayBreakdown } from './delay-breakdown.ts';

/** Whether a wait is a story of its own: in the busy period of an incident it is part of that one. */
const isOwn = (b: DelayBreakdown): boolean => b.waitedMs > 0 && b.behind === undefined;

/**
 * Stretches in which requests waited for admission long enough to become slow, with no stall of the lane behind it.
 * Waits that overlap form one queue; those in which no queue is shown are told apart.
 */
export function queueIncidents(delays: readonly DelayBreakdown[], limitMs: Ms): readonly ExplainedStall[] {
  const own = delays.filter(isOwn);
  return ([WAITING_CAUSE, 'unexplained'] as const).flatMap(cause =>
    stretches(
      own.filter(b => b.waitCause === cause),
      limitMs,
    ).map(s => incidentOf(s, cause)),
  );
}

/** Whether a request's wait is part of one of these incidents. */
export const waitedIn = (b: DelayBreakdown, { start, end, causes }: ExplainedStall): boolean =>
  isOwn(b) && b.waitCause === causes[0]?.cause && b.request.arrival < end && b.request.served > start;

interface Stretch {
  readonly start: Ns;
  readonly end: Ns;
}

function stretches(delays: readonly DelayBreakdown[], limitMs: Ms): readonly Stretch[] {
  const waits = delays
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
  return queues.filter(q => q.slow);
}

const SUBJECT = {
  queue: 'requests waiting for admission while the device did its normal work',
  unseen: 'requests that were not let in although the engine had room, or had not reached it',
};

function incidentOf({ start, end }: Stretch, cause: CauseOrRest): ExplainedStall {
  const subject = cause === WAITING_CAUSE ? SUBJECT.queue : SUBJECT.unseen;
  return { start, end, excess: end - start, causes: [{ cause, excess: end - start, subject, confidence: 'medium' }], shares: [] };
}
