import { median } from 'd3-array';
import { intAt, realAt } from '#core/columns';
import { msOf } from '#core/format/numbers';
import { getOrCompute } from '#core/get-or-compute';
import type { Ns, Share } from '#core/units';
import type { AskedLane } from '#diagnosis/causes/asked-lane';
import { attributeLosses, lostByCause } from '#diagnosis/causes/attribute-losses';
import type { Detector } from '#diagnosis/causes/define';
import { ownWaits } from '#diagnosis/lanes/own-waits';
import type { CollectiveStream, Ranks } from '#multi-gpu/ranks/ranks';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import type { CauseOrRest } from '#schema/causes';
import { longerWork } from './longer-work.ts';
import { preCollectiveWindow } from './pre-collective-window.ts';
import { type JudgedWindow, rankLane } from './rank-lane.ts';
import type { Waits } from './waits.ts';

/** Why a rank entered a collective late. */
export interface LateCause {
  readonly cause: CauseOrRest;
  readonly why: string;
}

/** A cause must account for this share of the lateness; else it stays unexplained. */
const EXPLAINED_SHARE: Share = 0.5;
/** Peers that a late rank is compared with. */
const PEERS = 4;

/**
 * Asks why a participant was late: compares what it did since its previous collective with what its peers did meanwhile, by the causes
 * that the detectors give to the gaps in its work, and by how long its work took.
 * @param streams as recorded, on their sources' own clocks
 */
export function lateCauses(sources: readonly CollectiveSource[], { ranks, streams }: Ranks, detectors: readonly Detector[]) {
  const lanes = new Map<number, AskedLane | undefined>();
  const laneOfRank = (rank: number): AskedLane | undefined =>
    getOrCompute(lanes, rank, () => {
      const r = ranks[rank];
      const source = sources[r?.source ?? -1];
      return (
        r &&
        source &&
        rankLane(
          source,
          r,
          streams.filter(c => c.rank === rank),
        )
      );
    });
  /** Processes of the other ranks of a rank's report. */
  const peersOf = (rank: number): ReadonlySet<number> => {
    const own = ranks[rank];
    const ops = sources[own?.source ?? -1]?.ops;
    return new Set(ranks.flatMap(r => (r.source === own?.source && r.process !== own.process ? (ops?.processes[r.process] ?? []) : [])));
  };
  const judge = (waits: Waits, p: number, i: number, lateness: Ns): JudgedWindow | undefined => {
    const rank = laneOfRank(waits.ranks[p] ?? -1);
    const stream = streams[waits.group.streams[p] ?? -1];
    if (rank === undefined || stream === undefined) return undefined;
    const [from, to] = stretchOf(waits, streams, p, i, lateness);
    const window = preCollectiveWindow(rank.losses, intAt(stream.op, intAt(waits.group.index[p], i)), from, to);
    const losses = ownWaits(window.losses, rank.losses.host.threads, peersOf(waits.ranks[p] ?? -1));
    return { ...window, from, to, rank, byCause: lostByCause(attributeLosses(losses, detectors, rank.context)) };
  };

  return (waits: Waits, i: number): LateCause => {
    const late = intAt(waits.last, i);
    const lateness = realAt(waits.lateness, i);
    const own = judge(waits, late, i, lateness);
    if (own === undefined) return { cause: 'unexplained', why: 'its trace cannot be read here' };
    const peers = waits.ranks
      .map((_, p) => p)
      .filter(p => p !== late)
      .slice(0, PEERS)
      .flatMap(p => judge(waits, p, i, lateness) ?? []);
    const excess = [...own.byCause].map(([cause, { ns, subject }]) => ({
      cause,
      subject,
      ns: ns - (median(peers, q => q.byCause.get(cause)?.ns ?? 0) ?? 0),
    }));
    const [most] = excess.toSorted((a, b) => b.ns - a.ns);
    const busy = own.busy - (median(peers, q => q.busy) ?? own.busy);
    if (most !== undefined && most.cause !== 'unexplained' && most.ns >= busy && most.ns >= EXPLAINED_SHARE * lateness)
      return {
        cause: most.cause,
        why: most.ns >= NEARLY_ALL * lateness ? most.subject : `${msOf(most.ns)} of ${msOf(lateness)}: ${most.subject}`,
      };
    if (busy < EXPLAINED_SHARE * lateness)
      return { cause: 'unexplained', why: `nothing that its thread or its GPU did accounts for half of the ${msOf(lateness)}` };
    const longer = longerWork(own, peers, busy, detectors);
    return { cause: longer.cause, why: `its GPU worked ${msOf(busy)} of the ${msOf(lateness)} longer than the others'${longer.how}` };
  };
}

/** So much of a lateness is all of it: what is left is within what entries scatter by. */
const NEARLY_ALL: Share = 0.95;

/** From the end of a participant's previous collective to its entry, on its source's clock. */
function stretchOf(waits: Waits, streams: readonly CollectiveStream[], p: number, i: number, lateness: Ns): readonly [Ns, Ns] {
  const stream = streams[waits.group.streams[p] ?? -1];
  const at = intAt(waits.group.index[p], i);
  const to = realAt(stream?.start, at);
  const from = at > 0 ? realAt(stream?.end, at - 1) : to - 2 * lateness;
  return [Math.min(from, to), to];
}
