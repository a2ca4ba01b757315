import type { ScheduleName } from '#schema/pipeline';
import type { Shape, Textbook } from './schedules/textbook.ts';

/** Which textbook's order ran. */
export interface Recognised {
  readonly name: ScheduleName;
  readonly textbook: Textbook | undefined;
  /** How sure that is, in a sentence. */
  readonly why: string;
  /** Operations that ran out of the textbook's order, in words. */
  readonly departures: readonly string[];
  /** Where it is not sure: every schedule that it may be, the likeliest first. */
  readonly candidates?: readonly { readonly textbook: Textbook; readonly shape: Shape }[];
}
