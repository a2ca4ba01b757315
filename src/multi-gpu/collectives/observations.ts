import { max, median, sum } from 'd3-array';
import { intAt, realAt, valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { SourceClock } from '#multi-gpu/ranks/clocks';
import type { Group } from '#multi-gpu/ranks/groups';
import type { CollectiveStream, Ranks } from '#multi-gpu/ranks/ranks';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import type { CollectiveLimits, LongJitter, OrderedWaits, Payloads, UsuallyLast } from './facts.ts';
import type { Noise } from './noise.ts';
import type { Straggler } from './stragglers.ts';
import type { Waits } from './waits.ts';

/** A wait from which on a reader would see it in a timeline. */
export const VISIBLE_NS: Ns = 1e6;
/** A rank that is last in this share of the collectives leans. */
const MOSTLY = 0.7;
/** Fewer collectives show no leaning. */
const FEWEST = 100;

/** Of how many kernels the communicator and the message are known. */
export const payloadsOf = (streams: readonly CollectiveStream[]): Payloads => ({
  kernels: sum(streams, c => c.n),
  communicators: sum(streams, c => (c.communicator === '' ? 0 : c.n)),
  messages: sum(streams, c => c.bytes?.reduce((n, b) => n + (Number.isNaN(b) ? 0 : 1), 0) ?? 0),
});

/** The waits that the order of the work explains. */
export const orderedWaits = (scheduled: readonly Straggler[]): OrderedWaits => ({
  count: scheduled.length,
  longest: max(scheduled, e => e.lateness) ?? 0,
  total: sum(scheduled, e => sum(e.waiting, w => w.ns)),
});

/** The long waits that are jitter all the same: about as many for each rank. */
export function longJitter(ranks: number, all: readonly Waits[], noises: readonly Noise[]): LongJitter {
  const counts = new Array<number>(ranks).fill(0);
  let longest = 0;
  for (const [k, w] of all.entries())
    for (let i = 0; i < w.n; i++) {
      const late = realAt(w.lateness, i);
      if (late <= VISIBLE_NS || noises[k]?.isLate(i) !== false) continue;
      longest = Math.max(longest, late);
      const rank = valueAt(w.ranks, intAt(w.last, i));
      counts[rank] = valueAt(counts, rank) + 1;
    }
  return { longest, counts };
}

/** Ranks that are last in most collectives, though by no more than the scatter. */
export function usuallyLast(labels: readonly string[], all: readonly Waits[]): UsuallyLast[] {
  return all.flatMap(w => {
    const counts = w.ranks.map(() => 0);
    for (const p of w.last) counts[p] = valueAt(counts, p) + 1;
    const p = counts.indexOf(Math.max(...counts));
    if (valueAt(counts, p) < MOSTLY * w.n || w.n < FEWEST) return [];
    const lateness = median(w.lateness.filter((_, i) => w.last[i] === p)) ?? 0;
    return [{ rank: labels[valueAt(w.ranks, p)] ?? '', share: valueAt(counts, p) / w.n, ops: w.n, lateness }];
  });
}

interface Seen {
  readonly sources: readonly CollectiveSource[];
  readonly found: Ranks;
  readonly groups: readonly Group[];
  readonly clocks: readonly SourceClock[];
  readonly entries: readonly Straggler[];
}

/** What the traces do not show. */
export function limitsOf({ sources, found, groups, clocks, entries }: Seen): CollectiveLimits {
  const { ranks, streams, kinds } = found;
  const paired = new Set(groups.flatMap(g => g.streams));
  const alone = streams.filter((_, i) => !paired.has(i));
  const late = new Set(entries.map(e => ranks[e.rank]?.source ?? 0));
  return {
    isAlgorithmHidden: kinds.some(k => k.protocol === 'LL' || k.algorithm !== null),
    unmatched: sum(groups, g => g.unmatched) + sum(alone, c => c.n),
    adrift: [...clocks.entries()].flatMap(([i, clock]) => (clock.method === 'unknown' ? [sources[i]?.name ?? 'a report'] : [])),
    residual: sources.length > 1 ? (max(clocks, c => c.residual) ?? 0) : 0,
    lacksOsCalls: [...late].some(s => sources[s]?.host.hasOsCalls === false),
  };
}
