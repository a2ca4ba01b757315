import type { Ns } from '#core/units';
import type { MeasuredTask, Parts } from './measured-task.ts';
import type { Task } from './simulate.ts';

/** The iteration as tasks for the simulation, with the parts asked for. */
export function counterfactualTasks(ranks: readonly (readonly MeasuredTask[])[], parts: Parts): Task[][] {
  const direct = parts.staging === false ? 1 : 0;
  const copied = (measured: Ns, staging: Ns) => (parts.copies ? Math.max(0, measured - direct * staging) : 0);
  const { launches } = parts;
  const late = (t: MeasuredTask, which: 'starved' | 'innerStarved' | 'copyStarved') => {
    if (typeof launches === 'boolean') return launches ? t[which] : 0;
    if ('butRank' in launches) return t.rank === launches.butRank ? 0 : t[which];
    return t[which] * (1 - (t.lateBy[which].get(launches.but) ?? 0));
  };
  return ranks.map(list =>
    list.map(t => {
      const lag = (t.lagIsHandoff ? parts.latency : parts.rest) ? t.lag : 0;
      return {
        kind: t.kind,
        microbatch: t.microbatch,
        stage: t.stage,
        duration: parts.duration(t) + late(t, 'innerStarved') + (parts.rest ? t.innerGap : 0),
        after: t.other + copied(t.serialCopy, t.staging.serialCopy),
        transfer: copied(t.copying, t.staging.copying) + (parts.latency ? t.latency : 0) + late(t, 'copyStarved'),
        delay: lag + late(t, 'starved') + copied(t.heldByCopy, t.staging.heldByCopy),
      };
    }),
  );
}
