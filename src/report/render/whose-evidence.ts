import type { EvidenceItem } from '#schema/evidence-item';
import type { Incident } from '#schema/incident';
import type { RankedCause, Report } from '#schema/report';
import { mainCause } from './worst.ts';

const at = (evidence: readonly EvidenceItem[]) => JSON.stringify(evidence.map(({ query, params }) => [query, params]));

/** The incident whose rows are kept as a cause's evidence: rows of one incident show nothing of another. Undefined where they are of none. */
export const incidentOf = ({ evidence }: Pick<RankedCause, 'evidence'>, { incidents }: Pick<Report, 'incidents'>): string | undefined =>
  evidence.length === 0 ? undefined : incidents.find(i => at(i.evidence) === at(evidence))?.id;

/** The queries that show an incident without rows of its own: those of its cause, over its own time and of whom it concerns; without any, none. */
export function queriesOf(incident: Incident, { causes }: Pick<Report, 'causes'>): Pick<EvidenceItem, 'query' | 'params'>[] {
  const ranked = causes.find(c => c.cause === mainCause(incident) && c.evidence.length > 0);
  const [main] = incident.causes;
  const shown = main?.symptom ?? main?.root;
  const own = (params: EvidenceItem['params']): EvidenceItem['params'] => ({
    ...params,
    ...('from_ns' in params ? { from_ns: Math.floor(incident.start_ms * 1e6), to_ns: Math.ceil(incident.end_ms * 1e6) } : {}),
    ...('thread_id' in params ? { thread_id: main?.root?.thread ?? -1 } : {}),
    ...('pid' in params ? { pid: shown?.process ?? -1 } : {}),
  });
  return (ranked?.evidence ?? []).map(({ query, params }) => ({ query, params: own(params) }));
}

/** Said above those queries. */
export const NO_ROWS_KEPT = 'Rows are kept of the incidents that cost most. To see those of this one (TRACE is the trace file):';
