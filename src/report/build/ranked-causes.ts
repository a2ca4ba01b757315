import type { Ms } from '#core/units';
import type { Counterfactual } from '#diagnosis/requests/counterfactual';
import type { DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { CAUSE_TEXT, CAUSES, type Cause, type CauseOrRest, hasFlag, WAITING_CAUSE } from '#schema/causes';
import type { EvidenceItem } from '#schema/evidence-item';
import type { RankedCause, Report } from '#schema/report';
import type { IncidentCosts } from './incident-costs.ts';
import { whoseSubject } from './whose-subject.ts';

/** A cause that requests were judged by. */
export interface JudgedCause extends RankedCause {
  readonly p99_without_ms: NonNullable<RankedCause['p99_without_ms']>;
}

/** What rounding leaves over is no cause: stamps are exact to a nanosecond. */
const LEAST_MS = 1e-6;

/** Excess of the slow requests by cause, and in all. ms */
export function booksOf(books: readonly DelayBreakdown[]): Report['books'] {
  const slow = books.filter(b => b.slow);
  const excess_ms = slow.reduce((s, b) => s + b.excessMs, 0);
  const totals = new Map<CauseOrRest, number>();
  for (const b of slow) for (const [cause, ms] of b.parts) totals.set(cause, (totals.get(cause) ?? 0) + ms);
  const parts = [...totals]
    .filter(([cause, ms]) => ms > LEAST_MS || cause === 'unexplained')
    .map(([cause, ms]) => ({ cause, excess_ms: ms, share: excess_ms > 0 ? ms / excess_ms : 0 }))
    .toSorted((a, b) => Number(a.cause === 'unexplained') - Number(b.cause === 'unexplained') || b.excess_ms - a.excess_ms);
  return { excess_ms, parts };
}

/**
 * The causes worth naming, the dearest first: those that led an incident, and those whose part alone made some request slow. Less is a
 * by-product of another cause. Queueing always is named: it is no fault, but it is where the time went.
 * @param limit excess beyond which a request is slow
 */
export function rankCauses(
  books: readonly DelayBreakdown[],
  limit: Ms,
  totals: Report['books'],
  incidents: readonly ExplainedStall[],
  ids: readonly string[],
  without: Counterfactual,
  evidence: (cause: Cause) => EvidenceItem[],
  costs: IncidentCosts,
): JudgedCause[] {
  const leads = new Set(incidents.map(i => i.causes[0]?.cause));
  const worst = (cause: CauseOrRest) => books.reduce((most, b) => Math.max(most, b.slow ? (b.parts.get(cause) ?? 0) : 0), 0);
  const named = totals.parts.filter(
    p => p.cause !== 'unexplained' && (leads.has(p.cause) || p.cause === WAITING_CAUSE || worst(p.cause) >= limit),
  );
  return named.map((part, k) => {
    const cause = CAUSES.find(c => c === part.cause) ?? WAITING_CAUSE;
    const where = incidents.flatMap((incident, i) =>
      incident.causes
        .filter(c => c.cause === cause)
        .map(c => ({ ...c, id: ids[i] ?? '', leads: incident.causes[0]?.cause === cause, cost: costs.of(i).get(cause) ?? 0 })),
    );
    const main = mainOf(where);
    const confidence = main?.confidence ?? 'low';
    const { lower, upper } = without([cause]);
    return {
      cause,
      rank: k + 1,
      scope: 'incident' as const,
      excess_ms: part.excess_ms,
      share: part.share,
      p99_without_ms: { lower, upper },
      confidence,
      why_confidence: whyConfidence(confidence),
      subject: main === undefined ? 'ordinary work of other requests' : whoseSubject(main),
      root: main?.root ?? null,
      incidents: where.filter(w => w.leads).map(w => w.id),
      evidence: evidence(cause),
      advice: CAUSE_TEXT[cause].advice,
    };
  });
}

/** The worst among those of the subject that cost most over all incidents: the worst one alone may be an exception. */
function mainOf<C extends ExplainedStall['causes'][number] & { readonly cost: Ms }>(where: readonly C[]): C | undefined {
  const totals = new Map<string, number>();
  for (const c of where) totals.set(whoseSubject(c), (totals.get(whoseSubject(c)) ?? 0) + c.cost);
  const weight = (c: C) => totals.get(whoseSubject(c)) ?? 0;
  return where.toSorted((a, b) => weight(b) - weight(a) || b.cost - a.cost || b.excess - a.excess)[0];
}

/**
 * Whether the books of requests or of training steps already tell of a cause that the devices together show: waits for late ranks are then told once.
 * @param hasSlowSteps the books of a training's steps give what ranks waited to the late one's own cause
 */
export const toldBy = (judged: readonly RankedCause[], { cause }: RankedCause, hasSlowSteps = false): boolean =>
  hasFlag(cause, 'told-once') && (hasSlowSteps || judged.some(c => c.cause === cause));

const whyConfidence = (confidence: RankedCause['confidence']) =>
  ({
    high: 'The trace shows it directly.',
    medium: 'It follows from what the trace shows, with one step of inference.',
    low: 'It is what is left when the other causes are ruled out.',
  })[confidence];
