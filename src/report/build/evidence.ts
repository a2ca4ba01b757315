import { getOrCompute } from '#core/get-or-compute';
import type { CauseInIncident, ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { CAUSE_EVIDENCE, type Cause, type CauseOrRest } from '#schema/causes';
import type { EvidenceItem } from '#schema/evidence-item';
import { type EvidenceName, evidence } from '#trace/queries/index.gen';
import type { TraceSource } from '#trace/source';
import type { IncidentCosts } from './incident-costs.ts';

/** Which queries show each cause, and what a reader should see in their rows. */
const SHOWN_BY: Readonly<Record<CauseOrRest, readonly { readonly query: EvidenceName; readonly shows: string }[]>> = CAUSE_EVIDENCE;

/** Queries of an incident, roughly. */
const QUERIES_EACH = 2;
/** Rows of each query kept in a report: enough to see it, the rest is one command away. */
const ROWS = 5;

/** What of a query's answer is an incident's own: the calls of the thread at its root, the gaps of the process that it shows in. */
function ownOf(query: EvidenceName, { root, symptom }: Pick<CauseInIncident, 'root' | 'symptom'>) {
  const takes = (name: string) => evidence[query].params.some(p => p.name === name);
  const shown = symptom ?? root;
  if (root !== undefined && takes('thread_id')) return { params: { thread_id: root.thread }, whose: `, of thread ${root.thread}` };
  if (shown !== undefined && takes('pid')) return { params: { pid: shown.process }, whose: `, ended by process ${shown.process}` };
  return { params: {}, whose: '' };
}

const NOBODY: Pick<CauseInIncident, 'cause' | 'root' | 'symptom'> = { cause: 'unexplained' };

/** Runs the queries that show an incident's first cause, over its time and of whom it concerns. */
function evidenceFor(store: TraceSource, { causes, start, end }: ExplainedStall, queries: number): EvidenceItem[] {
  const [main = NOBODY] = causes;
  return SHOWN_BY[main.cause].slice(0, queries).flatMap(({ query, shows }) => {
    const own = ownOf(query, main);
    const params = { from_ns: Math.floor(start), to_ns: Math.ceil(end), ...own.params, top: ROWS };
    const answer = store.ask(query, params);
    return answer.ok ? [{ query, params, shows: `${shows}${own.whose}`, rows: answer.rows.slice(0, ROWS).map(r => ({ ...r })) }] : [];
  });
}

/** Incidents shown with rows of their own, at most: nobody reads more. */
const WITH_EVIDENCE = 8;
/** Rows that the queries may look at, all together: each query is a scan of the trace. Beyond it only the worst incident of each cause has rows, and of its most telling query alone. */
const ROWS_LOOKED_AT = 2e6;

/** Evidence for the worst incidents and, from the worst of each cause, for the causes. */
export function gatherEvidence(
  store: TraceSource,
  incidents: readonly ExplainedStall[],
  traceRows: number,
  costs: IncidentCosts,
): { readonly ofIncident: (k: number) => EvidenceItem[]; readonly ofCause: (cause: Cause) => EvidenceItem[] } {
  const worst = incidents
    .map((incident, k) => ({ incident, k, cost: costs.total(k) }))
    .toSorted((a, b) => b.cost - a.cost || b.incident.excess - a.incident.excess || a.k - b.k);
  const chosen = new Set(
    worst.slice(0, Math.min(WITH_EVIDENCE, Math.floor(ROWS_LOOKED_AT / Math.max(1, traceRows * QUERIES_EACH)))).map(w => w.k),
  );
  const queries = chosen.size > 0 ? QUERIES_EACH : 1;
  const firstOf = new Map<CauseOrRest, number>();
  for (const { incident, k } of worst) {
    const cause = incident.causes[0]?.cause ?? 'unexplained';
    if (!firstOf.has(cause)) firstOf.set(cause, k);
  }
  const cache = new Map<number, EvidenceItem[]>();
  const of = (k: number) =>
    getOrCompute(cache, k, () => {
      const incident = incidents[k];
      return incident === undefined ? [] : evidenceFor(store, incident, queries);
    });
  return {
    ofIncident: k => (chosen.has(k) || [...firstOf.values()].includes(k) ? of(k) : []),
    ofCause: cause => {
      const k = firstOf.get(cause);
      return k === undefined ? [] : of(k);
    },
  };
}
