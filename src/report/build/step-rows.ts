import { groups, max, median, sum } from 'd3-array';
import { itemAt, realAt, valueAt } from '#core/columns';
import type { LaneDiagnosis } from '#diagnosis/lane-answer';
import { WORK } from '#diagnosis/steps/buckets';
import { usualLosses } from '#diagnosis/steps/engine-steps';
import { leastDelay } from '#diagnosis/steps/is-incident';
import { excessOf } from '#diagnosis/steps/stalls';
import type { EngineStepKind } from '#schema/engine-steps';

const MS = 1e6;

/** Words of a lane: what the operating system calls its process, and its GPU. */
export interface LaneWords {
  readonly processOf: (lane: LaneDiagnosis['lane']) => number;
  readonly deviceOf: (lane: LaneDiagnosis['lane']) => string;
}

/** The kinds of steps of each lane, those first that took most of the time. */
export const stepRows = (lanes: readonly LaneDiagnosis[], words: LaneWords): EngineStepKind[] => lanes.flatMap(lane => rowsOf(lane, words));

function rowsOf({ lane, steps, kinds }: LaneDiagnosis, { processOf, deviceOf }: LaneWords): EngineStepKind[] {
  if (steps === undefined) return [];
  const total = sum(steps.duration);
  const used = [...steps.kind.keys()].filter(i => realAt(steps.duration, i) > 0);
  // Two kinds by their kernels may turn out to do the same.
  const byName = groups(used, i => itemAt(kinds, valueAt(steps.kind, i)).name);
  return [...byName]
    .map(([name, mine]): EngineStepKind => {
      const ms = (values: Float64Array | undefined) => (median(mine, i => realAt(values, i)) ?? Number.NaN) / MS;
      const told = kinds.filter((k, kind) => k.name === name && mine.some(i => steps.kind[i] === kind));
      return {
        process: processOf(lane),
        device: deviceOf(lane),
        kind: name,
        told_by: told.every(k => k.by === 'tokens') ? 'tokens' : 'kernels',
        steps: mine.length,
        share: sum(mine, i => realAt(steps.duration, i)) / total,
        median_ms: ms(steps.duration),
        work_ms: ms(steps.buckets[WORK]),
        seen_above_ms: Math.max(leastDelay(steps), max(mine, i => usualLosses(steps, i).extreme) ?? 0) / MS,
        excess_ms: sum(mine, i => excessOf(steps, i)) / MS,
      };
    })
    .toSorted((a, b) => b.share - a.share);
}
