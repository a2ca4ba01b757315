import type { Ms } from '#core/units';
import { clustersOf } from '#diagnosis/requests/clusters';
import { counterfactual } from '#diagnosis/requests/counterfactual';
import { latenciesOverTime } from '#diagnosis/requests/latencies';
import type { Cause } from '#schema/causes';
import type { EvidenceItem } from '#schema/evidence-item';
import type { RequestRow } from '#schema/relation';
import type { Latency, Report } from '#schema/report';
import { gatherEvidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import { incidentCosts } from './incident-costs.ts';
import { incidentRows } from './incident-rows.ts';
import { withTimelines } from './incident-timeline.ts';
import { booksOf, type JudgedCause, rankCauses } from './ranked-causes.ts';
import { untracedConfidence } from './untraced/confidence.ts';

/** What the diagnosis says of the requests that lie wholly inside the trace. */
export interface Judged {
  /** The judged requests as the load test recorded them. */
  readonly rows: readonly RequestRow[];
  readonly latency: Latency[];
  readonly e2e: Latency | undefined;
  /** Every request of the load test that finished, judged or not. */
  readonly finished: readonly RequestRow[];
  readonly books: Report['books'];
  readonly unexplained: Report['unexplained'];
  readonly causes: readonly JudgedCause[];
  /** p99 had none of the named causes been there, ms; undefined where none is named. */
  readonly withoutAll: { readonly lower: Ms; readonly upper: Ms } | undefined;
  readonly incidents: Report['incidents'];
  /** Rows that show a cause where it was worst. */
  readonly evidenceOf: (cause: Cause) => EvidenceItem[];
}

/** Judges the requests, and gathers the rows that show it. */
export function judge(facts: Facts): Judged {
  const { diagnosis: d, aligned, source, traceRows, session, training } = facts;
  const ids = d.incidents.map((_, k) => `I${k + 1}`);
  const costs = incidentCosts(d);
  const evidence = gatherEvidence(source, d.incidents, traceRows, costs);
  const books = booksOf(d.delays);
  const without = counterfactual(d.delays, d.incidents);
  const ranked = rankCauses(d.delays, d.selection?.limitMs ?? 0, books, d.incidents, ids, without, evidence.ofCause, costs);
  const causes = facts.untraced === undefined ? ranked : ranked.map(c => ({ ...c, why_confidence: untracedConfidence(c) }));
  const rest = books.parts.find(p => p.cause === 'unexplained');
  const rows = d.delays.map(b => b.request.row);
  const latency = latenciesOverTime(rows, clustersOf(d.delays));
  const named = causes.map(c => c.cause);
  return {
    rows,
    latency,
    e2e: latency.find(l => l.metric === 'e2e'),
    finished: aligned.rows.filter(r => r.status === 'ok' && r.finish_ms !== null),
    books,
    unexplained: { excess_ms: rest?.excess_ms ?? 0, share: rest?.share ?? 0 },
    causes,
    withoutAll: named.length === 0 ? undefined : without(named),
    incidents: withTimelines(incidentRows(d, ids, session, costs, evidence.ofIncident, slowStepsOf(training)), d.incidents, facts),
    evidenceOf: evidence.ofCause,
  };
}

/** How many steps of a training each incident made slow; undefined where incidents are not of a training. */
const slowStepsOf = (training: Facts['training']): ((k: number) => number | undefined) =>
  training?.found === undefined ? () => undefined : k => training.stretches[k]?.steps.length;
