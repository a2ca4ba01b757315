import type { Incident } from '#schema/incident';

/** How many incidents are told in full; the rest is a table. */
const TOLD = 20;
/** How many are told of a cause that is at work throughout: they are one story, and the others would only repeat it. */
const TOLD_OF_ONE_STORY = 3;

/** The worst incidents, the dearest first, and the rest. Of a cause that is at work throughout only a few are told. */
export function worst(incidents: readonly Incident[]): { told: readonly Incident[]; rest: readonly Incident[] } {
  const ranked = incidents.toSorted((a, b) => b.excess_ms - a.excess_ms || a.start_ms - b.start_ms || (a.id < b.id ? -1 : 1));
  const story = throughout(incidents)?.cause;
  const same = ranked.filter(i => mainCause(i) === story).slice(TOLD_OF_ONE_STORY);
  const told = ranked.filter(i => !same.includes(i)).slice(0, TOLD);
  return { told, rest: ranked.filter(i => !told.includes(i)) };
}

export const mainCause = ({ causes }: Pick<Incident, 'causes'>): Incident['causes'][number]['cause'] => causes[0]?.cause ?? 'unexplained';

/** So many incidents of one cause are no stories of their own. */
const MANY = 12;

/** Where most of many incidents have one cause: how many, of which cause, and from when to when. */
export function throughout(
  incidents: readonly Incident[],
):
  | { readonly n: number; readonly cause: Incident['causes'][number]['cause']; readonly start_ms: number; readonly end_ms: number }
  | undefined {
  const byCause = new Map<Incident['causes'][number]['cause'], Incident[]>();
  for (const i of incidents) {
    const cause = mainCause(i);
    byCause.set(cause, [...(byCause.get(cause) ?? []), i]);
  }
  const [most] = [...byCause].toSorted((a, b) => b[1].length - a[1].length);
  if (most === undefined || most[1].length < MANY) return undefined;
  const [cause, list] = most;
  return {
    ...{ n: list.length, cause },
    start_ms: list.reduce((least, i) => Math.min(least, i.start_ms), Number.POSITIVE_INFINITY),
    end_ms: list.reduce((last, i) => Math.max(last, i.end_ms), Number.NEGATIVE_INFINITY),
  };
}
