import type { Ns } from '#core/units';
import type { CauseOrRest } from '#schema/causes';
import type { Task } from './simulate.ts';
import type { MeasuredTask } from './tasks.ts';

/** Which parts of the measured time a simulation shall have. */
export interface Parts {
  readonly duration: (t: MeasuredTask) => number;
  readonly copies: boolean;
  /** Where copies went through the host, as long as they took; else as long as direct ones would have taken. */
  readonly staging?: boolean;
  readonly latency: boolean;
  /** All launches as late as they were, or only those that were late for other causes than one. */
  readonly launches: boolean | { readonly but: CauseOrRest };
  readonly rest: boolean;
}

/** The iteration as tasks for the simulation, with the parts asked for. */
export function counterfactualTasks(ranks: readonly (readonly MeasuredTask[])[], parts: Parts): Task[][] {
  const direct = parts.staging === false ? 1 : 0;
  const copied = (measured: number, staging: Ns) => (parts.copies ? Math.max(0, measured - direct * staging) : 0);
  const { launches } = parts;
  const late = (t: MeasuredTask, which: 'starved' | 'innerStarved' | 'copyStarved') =>
    launches === false ? 0 : launches === true ? t[which] : t[which] * (1 - (t.lateBy[which].get(launches.but) ?? 0));
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
