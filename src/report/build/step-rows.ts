import { groups, max, median, min, sum } from 'd3-array';
import { itemAt, realAt, valueAt } from '#core/columns';
import type { LaneDiagnosis } from '#diagnosis/lane-answer';
import type { StepTokens } from '#diagnosis/requests/step-tokens';
import { WORK } from '#diagnosis/steps/buckets';
import { usualLosses } from '#diagnosis/steps/engine-steps';
import { leastDelay } from '#diagnosis/steps/is-incident';
import { excessOf } from '#diagnosis/steps/stalls';
import type { EngineStepKind, StepWork } from '#schema/engine-steps';

const MS = 1e6;

/** Words of a lane: what the operating system calls its process, and its GPU. */
export interface LaneWords {
  readonly processOf: (lane: LaneDiagnosis['lane']) => number;
  readonly deviceOf: (lane: LaneDiagnosis['lane']) => string;
}

/** The kinds of steps of each lane, those first that took most of the time. */
export const stepRows = (lanes: readonly LaneDiagnosis[], words: LaneWords): EngineStepKind[] => lanes.flatMap(lane => rowsOf(lane, words));

function rowsOf({ lane, steps, kinds, tokens }: LaneDiagnosis, { processOf, deviceOf }: LaneWords): EngineStepKind[] {
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
        work: tokens === undefined ? null : workOf(tokens, mine),
      };
    })
    .toSorted((a, b) => b.share - a.share);
}

/** @param mine the steps of a kind */
function workOf(tokens: StepTokens, mine: readonly number[]): StepWork | null {
  const told = mine.filter(i => tokens.untold[i] === 0);
  const spread = (amount: (i: number) => number) => {
    const [least, usual, most] = [min(told, amount), median(told, amount), max(told, amount)];
    return least === undefined || usual === undefined || most === undefined ? null : { min: least, median: usual, max: most };
  };
  const sequences = spread(i => valueAt(tokens.first, i) + valueAt(tokens.running, i));
  const generated = spread(i => valueAt(tokens.generated, i));
  if (sequences === null || generated === null || generated.max === 0) return null;
  const areKnown = told.every(i => Number.isFinite(realAt(tokens.prompt, i)));
  return { sequences, prompt_tokens: areKnown ? spread(i => realAt(tokens.prompt, i)) : null, generated_tokens: generated };
}
