import { min, sum } from 'd3-array';
import { itemAt } from '#core/columns';
import type { Share } from '#core/units';
import type { FoundIteration } from './find-iterations.ts';
import type { LaneEvents } from './lane-events.ts';
import { messagesIn } from './windows.ts';

/** With two microbatches the first rank sends two and receives two, of which a kernel may do one and one: three kernels. A rank that gathers results has one a step. */
const FEWEST_MESSAGES = 3;
/** Training repeats itself: at least this share of the iterations must be like others. */
const ALIKE: Share = 0.5;
/** So few cannot be told to repeat. */
const FEW = 2;

/** What iterations of the same kind share: the schedule and its shape, or as many messages on each lane where none is known. */
function kindOf(lanes: readonly LaneEvents[], { choice, window }: FoundIteration): string {
  if (choice.best !== undefined) {
    const { textbook, shape } = choice.best.hypothesis;
    return `${textbook.name}:${shape.m}:${shape.v}`;
  }
  return lanes.map((lane, l) => messagesIn(lane, itemAt(window.lanes, l))).join(':');
}

/** Whether iterations look like those of a pipeline: on every lane several messages each, and most of them like others. */
export function areConsistent(lanes: readonly LaneEvents[], iterations: readonly FoundIteration[]): boolean {
  const fewest = min(iterations, i => min(lanes, (lane, l) => messagesIn(lane, itemAt(i.window.lanes, l))) ?? 0) ?? 0;
  if (fewest < FEWEST_MESSAGES) return false;
  const counts = new Map<string, number>();
  for (const i of iterations) {
    const kind = kindOf(lanes, i);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const repeated = sum(counts.values(), n => (n > 1 ? n : 0));
  return repeated >= ALIKE * iterations.length || (iterations.length <= FEW && iterations.every(i => i.choice.best !== undefined));
}
