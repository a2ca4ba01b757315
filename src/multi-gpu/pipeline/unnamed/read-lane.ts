import type { Share } from '#core/units';
import { forwardShare, splitAtForwards } from './forward-words.ts';
import { joinFragments } from './fragments.ts';
import { splitByWords } from './kernel-words.ts';
import { type Reading, readKinds } from './kinds.ts';
import type { LaneEvents } from './lane-events.ts';
import type { RankSeen } from './score.ts';
import { segmentsOf } from './segments.ts';
import { type EventRange, messagesIn } from './windows.ts';

/** A forward of which less than this is known from the beginnings of other lanes holds something else: a backward that no message parted from it. */
const LEAST_FORWARD: Share = 0.5;

/** Whether most forwards of a reading are made of what forwards are made of. */
function hasForwards(lane: LaneEvents, { operations }: Reading, forward: ReadonlySet<number>): boolean {
  const forwards = operations.filter(o => o.kind === 0);
  return forwards.filter(o => forwardShare(lane, o.segment, forward) >= LEAST_FORWARD).length > forwards.length / 2;
}

const keyOf = (r: Reading) => r.operations.map(o => `${o.kind}`).join('');

/**
 * The operations of a lane in a stretch of its events, in every way that they can be cut and told apart: where messages and threads part them, or also where
 * one follows the other without a message.
 * @param forward kernels that forwards are made of, as far as that is known
 */
export function readLane(lane: LaneEvents, range: EventRange, forward: ReadonlySet<number> | undefined): RankSeen {
  const segments = segmentsOf(lane, range);
  const cuts = [segments];
  const threads = new Set(segments.map(s => s.thread)).size;
  if (threads > 1) cuts.push(joinFragments(lane, segments));
  if (forward !== undefined && threads === 1) cuts.push(splitAtForwards(lane, segments, forward));
  const readings = cuts
    .flatMap(s => [s, splitByWords(lane, s, false), splitByWords(lane, s, true)])
    .flatMap(s => [readKinds(lane, s, true), readKinds(lane, s, false)]);
  const known = new Set<string>();
  const distinct = readings.filter(r => {
    const key = keyOf(r);
    if (known.has(key)) return false;
    known.add(key);
    return r.operations.length > 0;
  });
  const good = forward === undefined ? distinct : distinct.filter(r => hasForwards(lane, r, forward));
  return { readings: good.length > 0 ? good : distinct, messages: messagesIn(lane, range) };
}
