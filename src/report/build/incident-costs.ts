import { getOrCompute } from '#core/get-or-compute';
import type { Ms } from '#core/units';
import type { Diagnosis } from '#diagnosis/diagnose';
import type { CauseOrRest } from '#schema/causes';

/** What each incident cost the slow requests, by cause, ms; without requests that were judged, what the engine lost. */
export interface IncidentCosts {
  readonly of: (k: number) => ReadonlyMap<CauseOrRest, Ms>;
  readonly total: (k: number) => Ms;
}

/** Adds up what the slow requests lost in each incident. */
export function incidentCosts({ delays, selection, incidents }: Pick<Diagnosis, 'delays' | 'selection' | 'incidents'>): IncidentCosts {
  const costs = new Map<number, Map<CauseOrRest, Ms>>();
  const add = (k: number, cause: CauseOrRest, ms: Ms) => {
    const parts = getOrCompute(costs, k, () => new Map<CauseOrRest, Ms>());
    parts.set(cause, (parts.get(cause) ?? 0) + ms);
  };
  if (selection === undefined) for (const [k, { causes }] of incidents.entries()) for (const c of causes) add(k, c.cause, c.excess / 1e6);
  for (const { slow, byIncident } of selection === undefined ? [] : delays)
    if (slow) for (const [k, parts] of byIncident) for (const [cause, ms] of parts) add(k, cause, ms);
  const of = (k: number) => costs.get(k) ?? new Map<CauseOrRest, Ms>();
  return { of, total: k => [...of(k).values()].reduce((a, b) => a + b, 0) };
}
