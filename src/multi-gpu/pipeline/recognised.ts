import type { ScheduleName } from '#schema/pipeline';
import type { Shape, Slot, Textbook } from './schedules/textbook.ts';

/** What a schedule's name rests on, or why there is none. */
export type Basis =
  /** Places that names tell, laid beside the textbook's. */
  | {
      readonly by: 'places';
      readonly operations: number;
      readonly devices: number;
      readonly moved: number;
      readonly missing: number;
      /** Other schedules that run the same order with so few microbatches. */
      readonly alike: readonly ScheduleName[];
    }
  /** The order of operations that no name tells the places of. */
  | {
      readonly by: 'order';
      readonly operations: number;
      readonly devices: number;
      readonly moved: number;
      readonly next: { readonly name: ScheduleName; readonly moved: number } | undefined;
    }
  /** Every schedule runs them in the same order. */
  | { readonly by: 'forwards-only' }
  | { readonly by: 'other-operations'; readonly shape: Shape }
  | { readonly by: 'other-places'; readonly nearest: ScheduleName; readonly moved: number; readonly operations: number }
  | { readonly by: 'other-order'; readonly operations: number }
  | { readonly by: 'one-rank' };

/** An operation that ran elsewhere than in the textbook, or not at all. */
export type Departure =
  | { readonly what: 'moved'; readonly rank: number; readonly operation: Slot; readonly after: Slot | undefined }
  | { readonly what: 'missing'; readonly operation: Slot };

/** Which textbook's order ran. */
export interface Recognised {
  readonly name: ScheduleName;
  readonly textbook: Textbook | undefined;
  readonly basis: Basis;
  /** Operations that ran out of the textbook's order. */
  readonly departures: readonly Departure[];
  /** Where it is not sure: every schedule that it may be, the likeliest first. */
  readonly candidates?: readonly { readonly textbook: Textbook; readonly shape: Shape }[];
}
