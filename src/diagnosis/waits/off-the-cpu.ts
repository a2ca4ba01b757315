import { realAt } from '#core/columns';
import { upperBound } from '#core/math/spans';
import type { ActivityStretch } from '#trace/events/thread-activity';
import { LEAST_WAIT_NS } from './limits.ts';
import type { OnCpu } from './scheduler.ts';

/** What a stretch of own code is called in which the thread was on no CPU. */
export const OFF_CPU = '(off the CPU)';

/** A stretch of own code without what only looks like computing: while a thread is off the CPU, it waits. */
export function offTheCpu(stretch: ActivityStretch, { spans }: OnCpu): readonly ActivityStretch[] {
  const out: ActivityStretch[] = [];
  let at = stretch.start;
  // Of each time off: from where the thread came off to where it went on again.
  for (let i = upperBound(spans.end, stretch.start); i <= spans.n && at < stretch.end; i++) {
    const offFrom = Math.max(stretch.start, i === 0 ? Number.NEGATIVE_INFINITY : realAt(spans.end, i - 1));
    const offTo = Math.min(stretch.end, i === spans.n ? Number.POSITIVE_INFINITY : realAt(spans.start, i));
    if (offTo - offFrom < LEAST_WAIT_NS) continue;
    if (offFrom > at) out.push({ ...stretch, start: at, end: offFrom });
    out.push({ start: offFrom, end: offTo, activity: 'wait', call: OFF_CPU });
    at = offTo;
  }
  if (at < stretch.end) out.push({ ...stretch, start: at });
  return out;
}
