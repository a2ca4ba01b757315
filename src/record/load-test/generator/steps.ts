import type { Ns, Seconds } from '#core/units';
import type { Load, LoadStage } from '#schema/load';
import { NS_PER_S } from './monotonic.ts';
import type { Plan } from './plan.ts';
import { closedDraft, openDraft } from './plans.ts';
import type { LoadSettings } from './settings.ts';
import { stageSummary } from './stage-summary.ts';
import type { Ran } from './worker-pool.ts';

/** One stage, before it runs. */
export interface Step {
  readonly concurrency: number | null;
  readonly planned: number | null;
  /** The measured window, seconds from the start; an infinite end is that of the last answer. */
  readonly from: Seconds;
  readonly to: Seconds;
  readonly draft: (start: Ns) => Plan;
  readonly due: Float64Array | null;
}

/** @throws ForensicsError bad-argument when nothing would be sent */
export function stepsOf(settings: LoadSettings): Step[] {
  const { pattern, warmUp } = settings;
  if (pattern.loop === 'closed')
    return pattern.concurrency.map(concurrency => {
      const draft = closedDraft(settings, concurrency);
      return { concurrency, planned: null, from: warmUp, to: draft.end, draft: start => ({ ...draft, start }), due: null };
    });
  const draft = openDraft(settings);
  const to = warmUp + pattern.duration;
  return [{ concurrency: null, planned: draft.due.length, from: warmUp, to, draft: start => ({ ...draft, start }), due: draft.due }];
}

/** The step's record once it ran; when it was stopped, its window ends there. */
export function summarize(step: Step, ran: Ran, start: Load['start']): LoadStage {
  const at = (seconds: number) => ran.start + seconds * NS_PER_S;
  const last = ran.outcomes.reduce((latest, o) => Math.max(latest, o.settled), at(step.from));
  const to = Math.max(at(step.from), Math.min(Number.isFinite(step.to) ? at(step.to) : last, ran.stoppedAt ?? Number.POSITIVE_INFINITY));
  const due = step.due?.reduce((n, offset) => n + (offset >= step.from && at(offset) <= (ran.stoppedAt ?? at(offset)) ? 1 : 0), 0) ?? null;
  return stageSummary(
    { concurrency: step.concurrency, from: at(step.from), to, due, inFlightNs: ran.inFlightNs, outcomes: ran.outcomes },
    start,
  );
}
