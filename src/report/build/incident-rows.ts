import { getOrCompute } from '#core/get-or-compute';
import type { Ms, Ns } from '#core/units';
import type { Diagnosis } from '#diagnosis/diagnose';
import type { DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import type { CauseInIncident } from '#diagnosis/steps/explain-stalls';
import type { Incident } from '#schema/incident';
import type { IncidentCosts } from './incident-costs.ts';
import { whoseSubject } from './whose-subject.ts';
import { storyOf, tiedCauses } from './wording.ts';

/** Incidents as the report shows them. */
export function incidentRows(
  d: Diagnosis,
  ids: readonly string[],
  session: bigint | undefined,
  costs: IncidentCosts,
  evidence: (k: number) => Incident['evidence'],
  slowSteps: (k: number) => number | undefined = () => undefined,
): Omit<Incident, 'timeline'>[] {
  const touchedBy = new Map<number, DelayBreakdown[]>();
  for (const b of d.delays) for (const k of b.byIncident.keys()) getOrCompute(touchedBy, k, () => [] as DelayBreakdown[]).push(b);
  return d.incidents.map((incident, k) => {
    const touched = touchedBy.get(k) ?? [];
    // Its start is where the main cause set in, which may be later than its first step: it cannot have held anything up for longer than it is.
    const length = Math.max(0, incident.end - incident.start);
    const within = incident.excess > length ? length / incident.excess : 1;
    const shown = d.selection === undefined ? within : 1;
    const excess_ms = d.selection === undefined ? (incident.excess * within) / 1e6 : costs.total(k);
    const excessOf = (c: CauseInIncident): Ms => (costs.of(k).get(c.cause) ?? 0) * shown;
    const total = incident.causes.reduce((s, c) => s + excessOf(c), 0);
    const start_ms = incident.start / 1e6;
    const epoch = (t: Ns) => String((session ?? 0n) + BigInt(Math.round(t)));
    return {
      id: ids[k] ?? '',
      start_ns: epoch(incident.start),
      end_ns: epoch(incident.end),
      start_ms,
      end_ms: incident.end / 1e6,
      held_up_ms: (incident.excess * within) / 1e6,
      requests: touched.length,
      excess_ms,
      causes: incident.causes.map(c => ({
        cause: c.cause,
        excess_ms: excessOf(c),
        share: total > 0 ? excessOf(c) / total : 0,
        subject: whoseSubject(c),
        root: c.root ?? null,
        symptom: c.symptom ?? null,
      })),
      tied: tiedCauses(incident).map(c => c.cause),
      story: storyOf(incident, start_ms, touched.length, excess_ms, slowSteps(k)),
      evidence: evidence(k),
    };
  });
}
