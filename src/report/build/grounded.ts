import type { DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { CauseOrRest } from '#schema/causes';
import type { Facts } from './facts.ts';
import { mayName } from './grounds.ts';
import type { Missing } from './missing-inputs.ts';

type Parts = ReadonlyMap<CauseOrRest, number>;

/** Causes of an incident, those that may not be named as one row with what is unexplained. */
function told(causes: ExplainedStall['causes'], mute: ReadonlySet<CauseOrRest>): ExplainedStall['causes'] {
  const isRest = (c: ExplainedStall['causes'][number]) => c.cause === 'unexplained' || mute.has(c.cause);
  const [first] = causes.filter(isRest);
  if (first === undefined) return causes;
  const excess = causes.filter(isRest).reduce((sum, c) => sum + c.excess, 0);
  const rest = {
    cause: 'unexplained' as const,
    excess,
    subject: 'what it would take to tell is not in the trace',
    confidence: 'low' as const,
  };
  return [...causes.filter(c => !isRest(c)), rest];
}

/** Facts in which no cause is named whose needs are not there: what it would have claimed stays unexplained. */
export function grounded(facts: Facts, missing: Missing): Facts {
  const mute = new Set(CauseOrRest.options.filter(c => c !== 'unexplained' && !mayName(missing, c)));
  const { delays, incidents } = facts.diagnosis;
  const isNamed =
    incidents.some(i => i.causes.some(c => mute.has(c.cause))) || delays.some(b => [...b.parts.keys()].some(c => mute.has(c)));
  if (!isNamed) return facts;
  const known = (cause: CauseOrRest): CauseOrRest => (mute.has(cause) ? 'unexplained' : cause);
  const moved = (parts: Parts): Parts => {
    const out = new Map<CauseOrRest, number>();
    for (const [cause, ms] of parts) out.set(known(cause), (out.get(known(cause)) ?? 0) + ms);
    return out;
  };
  const delay = (b: DelayBreakdown): DelayBreakdown => ({
    ...b,
    parts: moved(b.parts),
    full: moved(b.full),
    byIncident: new Map([...b.byIncident].map(([k, parts]) => [k, moved(parts)])),
    waitCause: known(b.waitCause),
  });
  const incident = (i: ExplainedStall): ExplainedStall => ({
    ...i,
    causes: told(i.causes, mute),
    shares: i.shares.map(s => ({ ...s, cause: known(s.cause) })),
  });
  return { ...facts, diagnosis: { ...facts.diagnosis, delays: delays.map(delay), incidents: incidents.map(incident) } };
}
