import type { Incident } from '#schema/incident';

/** How many incidents are told in full; the rest is a table. */
export const TOLD = 20;

/** The worst incidents (all, in the report's order, while they are few), and the rest. */
export function worst(incidents: readonly Incident[]): { told: readonly Incident[]; rest: readonly Incident[] } {
  if (incidents.length <= TOLD) return { told: incidents, rest: [] };
  const ranked = incidents.toSorted((a, b) => b.excess_ms - a.excess_ms || a.start_ms - b.start_ms || (a.id < b.id ? -1 : 1));
  return { told: ranked.slice(0, TOLD), rest: ranked.slice(TOLD) };
}
