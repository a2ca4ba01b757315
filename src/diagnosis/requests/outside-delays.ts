import { upperBound } from '#core/math/spans';
import type { Ms } from '#core/units';
import type { CauseOrRest } from '#schema/causes';
import type { OutsideDelays } from './delay-breakdown.ts';
import type { OutsideStall } from './held-outside.ts';
import type { JudgedRequest } from './requests.ts';
import { tokenTimesOf } from './token-times.ts';

const MS = 1e6;

/** A stretch in which requests were held up outside the engine, with its cause. */
export interface ExplainedOutside extends OutsideStall {
  /** Its index among the incidents. */
  readonly incident: number;
  readonly cause: CauseOrRest;
}

/**
 * What stretches outside the engine cost each request: the part of its wait that lies in one, and how much later than the engine its client
 * had the last token.
 * @param ends of the lane's steps, ascending, ns: a running request gets a token from each
 */
export function outsideDelays(stalls: readonly ExplainedOutside[], ends: Float64Array): OutsideDelays {
  // Where no admission was recorded the first token stands for it, and that is held up on its way out as well.
  const inWait = (s: OutsideStall, r: JudgedRequest): Ms =>
    s.way === 'out' && r.scheduled !== undefined ? 0 : Math.max(0, Math.min(s.end, r.served) - Math.max(s.start, r.arrival)) / MS;
  const atEnd = (s: OutsideStall, r: JudgedRequest): Ms => {
    if (s.way === 'in' || r.end <= s.start || r.end > s.end || r.served >= s.start) return 0;
    const times = tokenTimesOf(r);
    const missing = Math.max(1, times.length - upperBound(times, s.start));
    const made = ends[upperBound(ends, s.start) + missing - 1];
    return made === undefined ? 0 : Math.max(0, r.end - made) / MS;
  };
  return {
    waited: r => stalls.reduce((sum, s) => sum + inWait(s, r), 0),
    delaysOf: r =>
      stalls.flatMap(s => {
        const ms = inWait(s, r) + atEnd(s, r);
        return ms > 0 ? [[s.incident, s.cause, ms] as const] : [];
      }),
  };
}
