import { itemAt } from '#core/columns';
import type { Report } from '#schema/report';
import { isComputeMissing } from '#trace/completeness/completeness';
import type { Facts } from './facts.ts';
import { ANSWER_NEEDS, isGrounded } from './grounds.ts';
import { laneBooks } from './lane-books.ts';
import type { Missing } from './missing-inputs.ts';
import type { LaneWords } from './step-rows.ts';

/** What the lanes' processes and devices are called. */
export const laneWords = ({ ops, source }: Facts): LaneWords => ({
  processOf: lane => source.pidOf(itemAt(ops.processes, lane.process)),
  deviceOf: lane => itemAt(ops.devices, lane.device),
});

/** Where work is missing, or the records of a lane end before those of others, a GPU looks idle that may not have been. */
export const isBusyKnown = ({ completeness, ops, lanes }: Facts): boolean =>
  !isComputeMissing(completeness) && !completeness.earlyEnds.some(e => lanes.some(l => ops.processes[l.process] === e.process));

/** Where the time of each lane went; nothing where its work may be missing. */
export function booksOfLanes(facts: Facts, missing: Missing): Report['lane_books'] {
  if (!isBusyKnown(facts) || !isGrounded(missing, ANSWER_NEEDS.laneBooks)) return [];
  const { processOf, deviceOf } = laneWords(facts);
  return facts.diagnosis.lanes.map(l => laneBooks(l, facts.window, { process: processOf(l.lane), device: deviceOf(l.lane) }));
}
