import { median } from 'd3-array';
import { intAt, realAt } from '#core/columns';
import { msOf } from '#core/format/numbers';
import { coverage, upperBound } from '#core/math/spans';
import { attributeLosses, type LostBy, lostByCause } from '#diagnosis/causes/attribute-losses';
import type { Detector, DetectorContext } from '#diagnosis/causes/define';
import { type SampleTimeline, sampleTimeline } from '#diagnosis/telemetry/samples';
import type { CollectiveStream, Ranks } from '#multi-gpu/ranks/ranks';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import type { CauseOrRest } from '#schema/causes';
import { type PreCollectiveWindow, preCollectiveWindow, type RankWork, rankWork } from './pre-collective-window.ts';
import type { Waits } from './waits.ts';

/** Why a rank entered a collective late. */
export interface LateCause {
  readonly cause: CauseOrRest;
  readonly why: string;
}

/** A cause must account for this share of the lateness; else it stays unexplained. */
const EXPLAINED_SHARE = 0.5;
/** From this share of foreign work beside a rank's slower kernels on, that work is what slowed them. */
const SHARED = 0.25;
/** More operations than the others by this share is more work, not slower work. */
const MORE_WORK = 1.1;
/** Peers that a late rank is compared with. */
const PEERS = 4;

const NO_SAMPLES = sampleTimeline([], []);

/** One rank's stretch before a collective, with its losses by cause. */
interface Judged extends PreCollectiveWindow {
  readonly byCause: ReadonlyMap<CauseOrRest, LostBy>;
}

/**
 * Asks why a participant was late: compares what it did since its previous collective with what its peers did meanwhile, by the causes
 * that the detectors give to the gaps in its work, and by how long its work took.
 * @param streams as recorded, on their sources' own clocks
 */
export function lateCauses(sources: readonly CollectiveSource[], { ranks, streams }: Ranks, detectors: readonly Detector[]) {
  const works = new Map<number, RankWork>();
  const workOf = (rank: number): RankWork | undefined => {
    const known = works.get(rank);
    const r = ranks[rank];
    const source = sources[r?.source ?? -1];
    if (known !== undefined || r === undefined || source === undefined) return known;
    const ends = endsOf(streams.filter(c => c.rank === rank));
    const made = rankWork(source.ops, r.process, r.device, ends);
    works.set(rank, made);
    return made;
  };
  const samplesOf = (rank: number): SampleTimeline => {
    const r = ranks[rank];
    return sources[r?.source ?? -1]?.samples?.(r?.deviceLabel ?? '') ?? NO_SAMPLES;
  };
  const contextOf = (rank: number, work: RankWork): DetectorContext => {
    const source = sources[ranks[rank]?.source ?? -1];
    const nameOf = (op: number) => source?.ops.names.get(source.ops.nameId[op] ?? -1) ?? 'other work';
    return {
      samples: samplesOf(rank),
      describe: nameOf,
      foreignWork: (from, to) => foreignWork(source, work, from, to, nameOf),
      hasOsCalls: source?.host.hasOsCalls ?? false,
      oneStream: false,
    };
  };
  const judge = (waits: Waits, p: number, i: number, from: number, to: number): Judged | undefined => {
    const rank = waits.ranks[p] ?? -1;
    const source = sources[ranks[rank]?.source ?? -1];
    const work = workOf(rank);
    const stream = streams[waits.group.streams[p] ?? -1];
    if (source === undefined || work === undefined || stream === undefined) return undefined;
    const entry = intAt(stream.op, intAt(waits.group.index[p], i));
    const stretch = preCollectiveWindow(source.ops, source.host, work, entry, from, to);
    const byCause = lostByCause(attributeLosses(stretch.losses, detectors, contextOf(rank, work)));
    return { ...stretch, byCause };
  };

  return (waits: Waits, i: number): LateCause => {
    const late = intAt(waits.last, i);
    const rank = waits.ranks[late] ?? -1;
    const lateness = realAt(waits.lateness, i);
    const [from, to] = stretchOf(waits, streams, late, i, lateness);
    const own = judge(waits, late, i, from, to);
    if (own === undefined) return { cause: 'unexplained', why: 'its trace cannot be read here' };
    const peers = waits.ranks
      .map((_, p) => p)
      .filter(p => p !== late)
      .slice(0, PEERS)
      .flatMap(p => {
        const [a, b] = stretchOf(waits, streams, p, i, lateness);
        return judge(waits, p, i, a, b) ?? [];
      });
    const excess = [...own.byCause].map(([cause, { ns, subject }]) => ({
      cause,
      subject,
      ns: ns - (median(peers, q => q.byCause.get(cause)?.ns ?? 0) ?? 0),
    }));
    const [most] = excess.toSorted((a, b) => b.ns - a.ns);
    const busy = own.busy - (median(peers, q => q.busy) ?? own.busy);
    if (most !== undefined && most.cause !== 'unexplained' && most.ns >= busy && most.ns >= EXPLAINED_SHARE * lateness)
      return { cause: most.cause, why: `${msOf(most.ns)} of the ${msOf(lateness)}: ${most.subject}` };
    if (busy >= EXPLAINED_SHARE * lateness) return busier(own, peers, busy, lateness, from, to, workOf(rank), samplesOf(rank), contextOf);
    return { cause: 'unexplained', why: `nothing that its thread or its GPU did accounts for half of the ${msOf(lateness)}` };

    function busier(
      mine: Judged,
      theirs: readonly Judged[],
      ns: number,
      total: number,
      a: number,
      b: number,
      work: RankWork | undefined,
      samples: SampleTimeline,
      contexts: typeof contextOf,
    ): LateCause {
      const longer = `its GPU worked ${msOf(ns)} of the ${msOf(total)} longer than the others'`;
      if (work !== undefined && coverage(work.foreign)(a, b) >= SHARED * (b - a))
        return { cause: 'gpu-contention', why: `${longer}, beside ${contexts(rank, work).foreignWork(a, b)}` };
      if ((samples.clockLoss(a, b) ?? 0) > 0)
        return { cause: 'clock-throttle', why: `${longer}, at a lowered clock: ${samples.throttleReason(a, b)}` };
      const count = median(theirs, q => q.count) ?? mine.count;
      if (mine.count > MORE_WORK * count)
        return { cause: 'stage-imbalance', why: `${longer}: ${mine.count} operations where the others had ${count}` };
      return { cause: 'unexplained', why: `${longer}, on as many operations; nothing recorded says why` };
    }
  };
}

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

/** From the end of a participant's previous collective to its entry, on its source's clock. */
function stretchOf(waits: Waits, streams: readonly CollectiveStream[], p: number, i: number, lateness: number): readonly [number, number] {
  const stream = streams[waits.group.streams[p] ?? -1];
  const at = intAt(waits.group.index[p], i);
  const to = realAt(stream?.start, at);
  const from = at > 0 ? realAt(stream?.end, at - 1) : to - 2 * lateness;
  return [Math.min(from, to), to];
}

/** Name of the foreign kernel that ran longest in [from, to). */
function foreignWork(
  source: CollectiveSource | undefined,
  work: RankWork,
  from: number,
  to: number,
  nameOf: (op: number) => string,
): string {
  const times = new Map<string, number>();
  const starts = source?.ops.start ?? new Float64Array(0);
  const ends = source?.ops.end ?? new Float64Array(0);
  const first = upperBound(
    Float64Array.from(work.foreignOps, i => realAt(starts, i)),
    from,
  );
  for (let k = Math.max(0, first - 1); k < work.foreignOps.length; k++) {
    const i = intAt(work.foreignOps, k);
    if (realAt(starts, i) >= to) break;
    const overlap = Math.min(to, realAt(ends, i)) - Math.max(from, realAt(starts, i));
    if (overlap > 0) times.set(nameOf(i), (times.get(nameOf(i)) ?? 0) + overlap);
  }
  return [...times].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'other work';
}
