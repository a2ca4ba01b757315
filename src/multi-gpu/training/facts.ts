import type { Ns } from '#core/units';
import type { Schedule } from '#schema/pipeline';
import type { FoundSteps } from './find-steps.ts';
import type { RankLedger } from './rank-ledger.ts';
import type { SlowStep } from './slow-steps.ts';
import type { Stretch } from './stretches.ts';
import type { NoUtilisation, Utilisation } from './utilisation.ts';

/** How long one rank's steps took, ns. */
export interface StepTimes {
  readonly rank: string;
  readonly device: string;
  readonly steps: number;
  readonly median: Ns;
  readonly p90: Ns;
  readonly p99: Ns;
  readonly max: Ns;
  /** Longer is slow; undefined where too few steps tell. */
  readonly limit: Ns | undefined;
}

/** A training whose steps are known. */
export interface SteppedTraining {
  readonly found: FoundSteps;
  /** The ranks take their steps together. */
  readonly lockstep: boolean;
  readonly times: readonly StepTimes[];
  readonly ledgers: readonly RankLedger[];
  /** In order of time. */
  readonly slow: readonly SlowStep[];
  /** Slow steps that follow one another, as one stretch each. */
  readonly stretches: readonly Stretch[];
  /** What to add to each rank's times to put them on the clock of the first, ns. */
  readonly shifts: readonly Ns[];
  readonly utilisation: Utilisation | NoUtilisation;
  readonly tokens: { readonly perStep: number; readonly perSecond: number } | undefined;
}

/** A training whose steps are not taken apart: nothing repeats in it, or its pipeline's iterations are all that is known. */
export interface UnsteppedTraining {
  readonly found: undefined;
  readonly ranks: readonly string[];
  /** How long the iterations of each schedule of its pipeline took; empty where none ran. */
  readonly iterations: readonly (Pick<Schedule, 'name' | 'label' | 'candidates'> & Omit<StepTimes, 'device' | 'rank' | 'limit'>)[];
  readonly utilisation: Utilisation | NoUtilisation | undefined;
  readonly tokens: SteppedTraining['tokens'];
}

/** All that was found out about a training loop. */
export type TrainingFacts = SteppedTraining | UnsteppedTraining;
