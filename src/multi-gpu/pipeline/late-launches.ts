import { greatest, sum } from 'd3-array';
import type { Ns, Share } from '#core/units';
import type { CauseOrRest } from '#schema/causes';
import type { Schedule } from '#schema/pipeline';
import type { MeasuredIteration } from './measured-task.ts';

const NS_PER_MS = 1e6;

/** Late launches by cause, the costliest first, each with what its longest stretch was about. */
export function launchesByCause(
  measured: readonly MeasuredIteration[],
  launches: readonly { readonly cause: CauseOrRest; readonly ns: Ns }[],
): NonNullable<Schedule['launch_causes']> {
  const known = measured.flatMap(x => x.ranks.flatMap(list => list.map(t => t.lateBy.subjects)));
  const subjectOf = (cause: CauseOrRest) => greatest(known, m => m.get(cause)?.ns ?? 0)?.get(cause)?.subject ?? '';
  return launches
    .filter(l => l.ns > 0)
    .sort((a, b) => b.ns - a.ns)
    .map(l => ({ cause: l.cause, ms: l.ns / NS_PER_MS, subject: subjectOf(l.cause) }));
}

/** Operations that are latest, as a part of all: stalls of a thread are few, launches that are slow as a rule are everywhere. */
const LATEST: Share = 0.1;

/** The late launches of each rank that had any, and how much of them a few of its operations hold. */
export function launchesByRank(measured: readonly MeasuredIteration[], lateRanks: readonly Ns[]): NonNullable<Schedule['launch_ranks']> {
  return lateRanks.flatMap((ns, stage) => {
    if (ns <= 0) return [];
    const late = measured
      .flatMap(x => x.ranks[stage] ?? [])
      .map(t => t.starved + t.innerStarved)
      .toSorted((a, b) => b - a);
    const all = sum(late);
    const latest = sum(late.slice(0, Math.ceil(LATEST * late.length)));
    return [{ stage, ms: ns / NS_PER_MS, ...(all > 0 ? { longest_tenth_share: latest / all } : {}) }];
  });
}
