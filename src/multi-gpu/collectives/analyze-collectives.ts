import { max, sum } from 'd3-array';
import { itemAt, realAt } from '#core/columns';
import type { Ms, Ns } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import type { LateWait } from '#diagnosis/lanes/late-wait';
import { badSettings } from '#machine/nccl/settings';
import { mergeClocks, type SourceClock } from '#multi-gpu/ranks/clocks';
import { findGroups, onOneClock } from '#multi-gpu/ranks/groups';
import { findRanks, type Ranks } from '#multi-gpu/ranks/ranks';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import type { Collectives } from '#schema/collectives';
import { exposureOf } from './exposed-communication.ts';
import type { CollectiveFacts } from './facts.ts';
import { filterGroup } from './filter-group.ts';
import { lateCauses } from './late-cause.ts';
import { noiseOf } from './noise.ts';
import { limitsOf, longJitter, orderedWaits, payloadsOf, usuallyLast } from './observations.ts';
import { pointToPointTimes } from './point-to-point-times.ts';
import { findSpells } from './spells.ts';
import { findStragglers, lateRanks, type Straggler } from './stragglers.ts';
import { kindsOf, totalsOf } from './totals.ts';
import { type Waits, waitsOf } from './waits.ts';

export interface CollectiveOptions {
  readonly detectors: readonly Detector[];
  /** Start of the report's window, ns on the first source's clock; its first operation's start where left out. */
  readonly from?: Ns;
}

/** What the ranks did together, for the report and for the books of requests. */
export interface FoundCollectives {
  readonly collectives: CollectiveFacts;
  /** For each source, its kernels that spun for a late rank. */
  readonly lateWaits: readonly (readonly LateWait[])[];
}

const toMs = (ns: Ns): Ms => ns / 1e6;

const skewOf = (sources: readonly CollectiveSource[], clocks: readonly SourceClock[]): Collectives['skew'] =>
  sources.length < 2
    ? []
    : sources.flatMap((s, i) => {
        const clock = clocks[i];
        if (clock === undefined || clock.method === 'unknown') return [];
        return [{ report: s.name, offset_ms: toMs(clock.correction), residual_ms: toMs(clock.residual) }];
      });

/** Gives the waits for late ranks to those who waited. */
function blame(
  sources: readonly CollectiveSource[],
  { ranks }: Ranks,
  entries: readonly Straggler[],
  again: readonly Straggler[],
): { readonly explained: Float64Array; readonly lateWaits: FoundCollectives['lateWaits'] } {
  /** What each rank waited for late ones. */
  const explained = new Float64Array(ranks.length);
  const lateWaits = sources.map((): LateWait[] => []);
  for (const { waiting } of entries) for (const w of waiting) explained[w.rank] = realAt(explained, w.rank) + w.ns;
  for (const { rank, cause, why, waiting } of [...entries, ...again]) {
    const late = { rank: ranks[rank]?.label ?? '', cause, why };
    for (const w of waiting) if (w.ns > 0) lateWaits[ranks[w.rank]?.source ?? -1]?.push({ op: w.op, ns: w.ns, ...late });
  }
  return { explained, lateWaits };
}

/** The sums over ranks, of collectives and of sends and receives. @param explained what each rank waited for late ones, ns */
function sumsOf(
  ranks: Ranks['ranks'],
  collectives: readonly Waits[],
  pointToPoint: readonly Waits[],
  explained: Float64Array,
  entries: readonly Straggler[],
): Pick<CollectiveFacts, 'ops' | 'transfer_ms' | 'wait_ms' | 'jitter_ms' | 'point_to_point' | 'per_rank'> {
  const { ops, transfer, wait } = totalsOf(collectives, ranks.length);
  const direct = totalsOf(pointToPoint, ranks.length);
  const mean = (ns: ArrayLike<number>) => toMs(sum(Array.from(ns)) / ranks.length);
  const jitter = wait.map((ns, i) => Math.max(0, ns - realAt(explained, i)));
  return {
    ops,
    transfer_ms: mean(transfer),
    wait_ms: mean(wait),
    jitter_ms: mean(jitter),
    point_to_point: { ops: direct.ops, transfer_ms: mean(direct.transfer), wait_ms: mean(direct.wait) },
    per_rank: ranks.map((r, i) => ({
      rank: r.label,
      device: r.deviceLabel,
      transfer_ms: toMs(realAt(transfer, i)),
      wait_ms: toMs(realAt(wait, i)),
      jitter_ms: toMs(realAt(jitter, i)),
      point_to_point_ms: toMs(realAt(direct.transfer, i) + realAt(direct.wait, i)),
      late: entries.filter(e => e.rank === i).length,
    })),
  };
}

/**
 * Who waited for whom in the collectives of any number of reports and processes. Collectives are matched across ranks by communicator
 * (where the trace holds NCCL's payloads), kernel, order and end; the shortest participant of each is the transfer and the rest is wait; a
 * rank is late where it entered later than jitter explains (see noiseOf), and its own cause is what its thread or its GPU did meanwhile
 * that its peers' did not. Sends and receives between two ranks are point-to-point: who comes first to them is a matter of the program's
 * order, so nobody is late for them.
 * @returns undefined where no two ranks met
 */
export function findCollectives(sources: readonly CollectiveSource[], options: CollectiveOptions): FoundCollectives | undefined {
  const found = findRanks(sources);
  const { ranks, kinds } = found;
  if (ranks.length < 2) return undefined;
  const clocks = mergeClocks(sources, found);
  const aligned = onOneClock(found, clocks);
  const groups = findGroups(aligned, ranks.length).filter(g => g.n > 0);
  if (groups.length === 0) return undefined;
  const waitsWhere = (wanted: (kind: number) => boolean) =>
    groups.map(g => filterGroup(g, aligned, wanted)).flatMap(g => (g.n > 0 ? [waitsOf(g, aligned)] : []));
  const isPointToPoint = (kind: number) => kinds[kind]?.pointToPoint === true;
  const all = waitsWhere(kind => !isPointToPoint(kind));
  const pointToPoint = waitsWhere(isPointToPoint);

  const residualOf = (w: Waits) => {
    const own = new Set(w.ranks.map(r => ranks[r]?.source ?? 0));
    return own.size < 2 ? 0 : (max(own, s => clocks[s]?.residual ?? 0) ?? 0);
  };
  const causeOf = lateCauses(sources, found, options.detectors);
  const noises = all.map(w => noiseOf(w, residualOf(w)));
  const inPointToPoint = pointToPointTimes(sources, ranks, clocks, aligned, isPointToPoint);
  const stragglersOf = (w: Waits, isLate: (i: number) => boolean) => findStragglers(w, isLate, aligned, causeOf, inPointToPoint);
  const judged = all.map((w, k) => stragglersOf(w, itemAt(noises, k).isLate));
  const entries = judged.flatMap(j => j.late);
  const spells = all.map((w, k) => findSpells(w, itemAt(noises, k).limit, itemAt(noises, k).unsure));
  const again = all.flatMap((w, k) => {
    const places = new Set(itemAt(spells, k).flatMap(s => s.indices));
    return stragglersOf(w, i => places.has(i) && !itemAt(noises, k).isLate(i)).late;
  });
  const { explained, lateWaits } = blame(sources, found, entries, again);
  const { communication, exposedCommunication } = exposureOf(sources, found);
  const start = options.from ?? Math.min(...sources.slice(0, 1).map(s => realAt(s.ops.start, 0)));
  const late = lateRanks(entries, ranks, start);
  const labels = ranks.map(r => r.label);
  const collectives: CollectiveFacts = {
    ranks: labels,
    ...sumsOf(ranks, all, pointToPoint, explained, entries),
    exposed_share: communication > 0 ? exposedCommunication / communication : 0,
    kinds: kindsOf([...all, ...pointToPoint], kinds, aligned),
    late,
    skew: skewOf(sources, clocks),
    payloads: payloadsOf(found.streams),
    ordered: orderedWaits(judged.flatMap(j => j.scheduled)),
    longJitter: longJitter(ranks.length, all, noises),
    usuallyLast: usuallyLast(labels, all),
    spells: spells.flat().map(s => ({ rank: labels[s.rank] ?? '', from: s.from - start, to: s.to - start, count: s.count, late: s.late })),
    settings: sources.flatMap(s => badSettings(s.environment ?? {})),
    limits: limitsOf({ sources, found, groups, clocks, entries }),
  };
  return { collectives, lateWaits };
}

/** What findCollectives found out for the report. */
export const analyzeCollectives = (sources: readonly CollectiveSource[], options: CollectiveOptions): CollectiveFacts | undefined =>
  findCollectives(sources, options)?.collectives;
