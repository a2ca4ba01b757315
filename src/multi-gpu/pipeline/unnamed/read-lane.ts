import { type Reading, readKinds } from './kinds.ts';
import { EVENT, type LaneEvents } from './lane-events.ts';
import type { RankSeen } from './score.ts';
import { segmentsOf } from './segments.ts';
import type { EventRange } from './windows.ts';
import { splitByWords } from './words.ts';

const keyOf = (r: Reading) => r.operations.map(o => `${o.kind}`).join('');

/**
 * The operations of a lane in a stretch of its events, in every way that they can be cut: where messages and threads part them, or also where one follows the
 * other without a message.
 */
export function readLane(lane: LaneEvents, { from, to }: EventRange): RankSeen {
  const segments = segmentsOf(lane, from, to);
  const readings = [segments, splitByWords(lane, segments, false), splitByWords(lane, segments, true)].map(s => readKinds(lane, s));
  let messages = 0;
  for (let e = from; e < to; e++) if (lane.kind[e] === EVENT.message) messages++;
  const known = new Set<string>();
  const distinct = readings.filter(r => {
    const key = keyOf(r);
    if (known.has(key)) return false;
    known.add(key);
    return r.operations.length > 0;
  });
  return { readings: distinct, messages };
}
