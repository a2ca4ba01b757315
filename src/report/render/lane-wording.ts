import { CAUSE_TEXT, type CauseOrRest } from '#schema/causes';
import type { LaneBooks } from '#schema/summary';

type What = LaneBooks['parts'][number]['what'];

/** What the time of a lane went to, where that is no cause. */
const PART: Readonly<Record<Exclude<What, CauseOrRest>, string>> = {
  work: 'Work',
  launches: 'Between one launch and the next',
  waiting: 'The launching thread waited, perhaps for work',
  queued: 'Launched and not yet begun',
  copies: 'Copies alone',
  unknown: 'No launch is recorded for what came next',
};

export const partTitle = (what: What): string =>
  what in PART ? PART[what as Exclude<What, CauseOrRest>] : CAUSE_TEXT[what as CauseOrRest].title;

export const laneCaption = ({ process, device }: LaneBooks): string =>
  `Where the time of process ${process} on ${device} went (the parts add up to the window)`;
