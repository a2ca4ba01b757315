import type { Share } from '#core/units';
import type { HowSure } from '#schema/training';
import { byGradients, byOptimizer } from './by-markers.ts';
import { byPeriod } from './by-period.ts';
import { byRanges } from './by-ranges.ts';
import { type RankSteps, regularity, type StepCuts } from './step-cuts.ts';
import type { TrainingRank, TrainingSource } from './training-rank.ts';

/** The steps of all ranks, and how sure it is that they are steps. */
export interface FoundSteps extends StepCuts {
  readonly sure: HowSure;
  /** Share of the steps that hold as much work as the middle one of their rank. */
  readonly alike: Share;
}

/** Share of steps that must hold as much work as the middle one: where more differ, what was cut are no steps. */
const REGULAR: Share = 0.8;
/** From here on nothing but evaluations and edges differ. */
const VERY_REGULAR: Share = 0.95;

/** What marks tell by themselves: a name or an optimizer is meant for a step; collectives come in other loops too, and so do periods. */
const TRUST: Readonly<Record<StepCuts['by'], HowSure>> = {
  range: 'high',
  optimizer: 'high',
  'pipeline-iterations': 'high',
  'gradient-all-reduce': 'medium',
  'kernel-period': 'low',
};
const LESS: Readonly<Record<HowSure, HowSure>> = { high: 'medium', medium: 'low', low: 'low' };

/** One rank may begin or end a step before the others at the edges of the trace. */
const EDGES = 2;

/**
 * Finds the steps of a training, the same way on all ranks: by a range of the program, else by the kernels of the optimizer, else by the collectives
 * that add gradients up, else by the period of what is launched.
 * @param isPipeline its iterations are known otherwise, and collectives come at other places in them: then only what is meant for a step counts
 * @returns undefined where nothing repeats
 */
export function findSteps(sources: readonly TrainingSource[], ranks: readonly TrainingRank[], isPipeline: boolean): FoundSteps | undefined {
  const opsOf = (rank: TrainingRank) => sources[rank.source]?.ops;
  const onEach = (way: (ops: TrainingSource['ops'], rank: TrainingRank) => RankSteps | undefined) =>
    ranks.map(rank => {
      const ops = opsOf(rank);
      return ops === undefined ? undefined : way(ops, rank);
    });
  const optimizer = onEach(byOptimizer);
  const ways: readonly (() => StepCuts | undefined)[] = [
    () => {
      const found = byRanges(
        sources,
        ranks,
        optimizer.map(s => (s !== undefined && regularity(s) >= REGULAR ? s.n : undefined)),
      );
      return found && { by: 'range', ...found };
    },
    () => onAll('optimizer', optimizer),
    ...(isPipeline ? [] : [() => onAll('gradient-all-reduce', onEach(byGradients)), () => onAll('kernel-period', onEach(byPeriod))]),
  ];
  for (const way of ways) {
    const cuts = way();
    if (cuts === undefined) continue;
    const alike = Math.min(...cuts.ranks.map(regularity));
    if (alike < REGULAR) continue;
    const counts = cuts.ranks.map(r => r.n);
    const agree = Math.max(...counts) - Math.min(...counts) <= EDGES;
    const sure = alike >= VERY_REGULAR && agree ? TRUST[cuts.by] : LESS[TRUST[cuts.by]];
    return { ...cuts, alike, sure };
  }
  return undefined;
}

/** Steps that a way found on every rank. */
function onAll(by: StepCuts['by'], found: readonly (RankSteps | undefined)[]): StepCuts | undefined {
  const ranks = found.flatMap(r => r ?? []);
  return ranks.length === found.length && ranks.length > 0 ? { by, mark: '', ranks } : undefined;
}
