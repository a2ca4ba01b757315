import { CAUSES, type Cause } from '#schema/causes';
import type { Report } from '#schema/report';
import { chronicCauses } from './chronic-findings.ts';
import type { Facts } from './facts.ts';
import type { HostBound } from './findings.ts';
import { mayName } from './grounds.ts';
import type { Judged } from './judged.ts';
import type { Missing } from './missing-inputs.ts';
import type { Together } from './parallel/together.ts';
import { toldBy } from './ranked-causes.ts';
import type { ToldTraining } from './training/told.ts';

interface Told {
  readonly facts: Facts;
  readonly missing: Missing;
  readonly judged: Judged;
  readonly together: Together;
  readonly hostBound: HostBound | undefined;
}

/** Causes that the report names anywhere: their detectors have found something. */
export function namedCauses({ facts, missing, judged, together, hostBound }: Told): ReadonlySet<Cause> {
  const { aligned, diagnosis, holds } = facts;
  const leading = aligned.hasRequests ? [] : diagnosis.incidents.flatMap(i => i.causes.slice(0, 1));
  return new Set<Cause>([
    ...judged.causes.map(c => c.cause),
    ...together.causes.map(c => c.cause),
    ...CAUSES.filter(c => mayName(missing, c) && together.collectives?.late.some(l => l.cause === c)),
    ...(hostBound === undefined ? [] : [hostBound.cause]),
    ...(holds.length > 0 && mayName(missing, 'profiler-artefact') ? (['profiler-artefact'] as const) : []),
    ...chronicCauses(diagnosis.lanes).filter(c => mayName(missing, c)),
    ...leading.flatMap(c => (c.cause === 'unexplained' ? [] : [c.cause])),
  ]);
}

/** What requests were judged by comes first; what the devices show together follows, unless it was told already. */
export function rankedCauses(judged: Judged, training: ToldTraining, together: Together): Report['causes'] {
  const causes = [...judged.causes, ...training.causes];
  const more = together.causes.filter(c => !toldBy(causes, c, training.causes.length > 0));
  return [...causes, ...more.map((c, k) => ({ ...c, rank: causes.length + k + 1 }))];
}
