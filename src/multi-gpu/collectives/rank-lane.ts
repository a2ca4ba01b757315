import type { Ns } from '#core/units';
import { type AskedLane, askedLane } from '#diagnosis/causes/asked-lane';
import type { LostBy } from '#diagnosis/causes/attribute-losses';
import { laneOf } from '#diagnosis/lanes/lane';
import type { CollectiveStream, Rank } from '#multi-gpu/ranks/ranks';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import type { CauseOrRest } from '#schema/causes';
import type { PreCollectiveWindow } from './pre-collective-window.ts';

/** A rank's stretch before a collective, with its losses by cause. */
export interface JudgedWindow extends PreCollectiveWindow {
  readonly from: Ns;
  readonly to: Ns;
  readonly rank: AskedLane;
  readonly byCause: ReadonlyMap<CauseOrRest, LostBy>;
}

/** The lane of a rank, cut into steps by its collectives. @param streams of its collectives, on its source's clock */
export const rankLane = (source: CollectiveSource, { process, device }: Rank, streams: readonly CollectiveStream[]): AskedLane =>
  askedLane(source, laneOf(source.ops, process, device, endsOf(streams)));

/** Ends of the operations of several streams, ascending. */
function endsOf(streams: readonly CollectiveStream[]): Float64Array {
  const out = new Float64Array(streams.reduce((n, c) => n + c.n, 0));
  let at = 0;
  for (const c of streams) {
    out.set(c.end, at);
    at += c.n;
  }
  return out.sort();
}
