import type { Ns, Share } from '#core/units';
import type { LostBy } from '#diagnosis/causes/attribute-losses';
import type { CauseOrRest } from '#schema/causes';
import type { Handoff } from './handoffs.ts';
import type { LaunchCauses } from './launch-causes.ts';
import type { Iteration } from './operation.ts';
import type { Slot } from './schedules/textbook.ts';
import type { Transfer } from './transfers.ts';

/** Parts of one whole, by cause. */
export type Shares = ReadonlyMap<CauseOrRest, Share>;

/** What was measured of one operation, taken apart so that each part can be left out in a simulation. */
export interface MeasuredTask extends Slot {
  readonly rank: number;
  /** Computing. */
  readonly busy: Ns;
  /** The median of its kind on its stage. */
  readonly usual: Ns;
  /** From the producer's end until the data was there: copying, waiting for the copy to begin, for its launch. */
  readonly copying: Ns;
  readonly latency: Ns;
  readonly copyStarved: Ns;
  /** The parts of `copying`, `serialCopy` and `heldByCopy` that there would not be with direct copies instead of staged ones. */
  readonly staging: { readonly copying: Ns; readonly serialCopy: Ns; readonly heldByCopy: Ns };
  /** Why launches came late: shares of `starved`, `innerStarved` and `copyStarved`, and what the longest stretches were about. */
  readonly lateBy: {
    readonly starved: Shares;
    readonly innerStarved: Shares;
    readonly copyStarved: Shares;
    readonly subjects: ReadonlyMap<CauseOrRest, LostBy>;
  };
  /** After it, its device computed something else, or copied on the stream on which it computes. */
  readonly other: Ns;
  readonly serialCopy: Ns;
  /** It was ready, but its launch had not begun. */
  readonly starved: Ns;
  /** The same, while the host saw a copy through that goes by way of the host. */
  readonly heldByCopy: Ns;
  /** All was there, and it began later still; and gaps inside it. */
  readonly lag: Ns;
  readonly lagIsHandoff: boolean;
  readonly innerStarved: Ns;
  readonly innerGap: Ns;
}

/** Which parts of the measured time a simulation shall have. */
export interface Parts {
  readonly duration: (t: MeasuredTask) => Ns;
  readonly copies: boolean;
  /** Where copies went through the host, as long as they took; else as long as direct ones would have taken. */
  readonly staging?: boolean;
  readonly latency: boolean;
  /** All launches as late as they were, or only those that were late for other causes than one, or on other ranks than one. */
  readonly launches: boolean | { readonly but: CauseOrRest } | { readonly butRank: number };
  readonly rest: boolean;
}

/** An iteration taken apart. */
export interface MeasuredIteration {
  readonly iteration: Iteration;
  readonly start: Ns;
  readonly end: Ns;
  /** Per rank, in order. */
  readonly ranks: readonly (readonly MeasuredTask[])[];
  /** Compute of each rank's device inside the iteration. */
  readonly compute: readonly Ns[];
  readonly handoffs: readonly Handoff[];
  /** How long the iteration takes with some parts of the measured time. Undefined where its order makes operations wait in a circle. */
  readonly lengthWith: (parts: Parts) => Ns | undefined;
}

/** What staging cost a transfer beyond a direct copy; undefined where that is not known. */
export type StagingCostOf = ((t: Transfer) => Ns) | undefined;

/** What the measured times are judged by, beside the iteration itself. */
export interface DelayModel {
  readonly stagingCost?: StagingCostOf;
  readonly lateLaunch?: LaunchCauses;
}
