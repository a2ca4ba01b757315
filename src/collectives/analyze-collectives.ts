import { group, max, sum } from 'd3-array';
import type { Detector } from '#detectors/define';
import type { Collectives } from '#model/pipeline';
import { mergeClocks, type SourceClock } from './clocks.ts';
import { environmentFindings } from './environment.ts';
import { exposureOf } from './exposed.ts';
import { findGroups, onOneClock } from './groups.ts';
import { lateCauses } from './late-cause.ts';
import { type Noise, noiseOf } from './noise.ts';
import { findRanks, type Ranks } from './ranks.ts';
import type { CollectiveSource } from './source.ts';
import { type Waits, waitsOf } from './waits.ts';
import { answerOf, cannotTell } from './words.ts';

type LateRank = Collectives['late'][number];

export interface CollectiveOptions {
  readonly detectors: readonly Detector[];
  /** Start of the report's window, ns on the first source's clock; its first operation's start where left out. */
  readonly from?: number;
}

/** Late entries that are looked into one by one: the longest, and as many spread over the rest. */
const JUDGED = 64;
/** Waits shown of each late rank. */
const SHOWN = 10;

const toMs = (ns: number) => ns / 1e6;

/** A collective that one rank entered late. */
export interface LateEntry {
  readonly rank: number;
  /** Entry, ns on the first source's clock. */
  readonly start: number;
  /** When the wait for it began: the median entry of the others. */
  readonly waitFrom: number;
  /** What a mean other participant waited for it, ns. */
  readonly wait: number;
  /** What all others together waited, ns. */
  readonly waitOfAll: number;
  readonly lateness: number;
  readonly cause: LateRank['cause'];
  readonly why: string;
}

function lateEntries(waits: Waits, noise: Noise, causeOf: ReturnType<typeof lateCauses>): LateEntry[] {
  const late: number[] = [];
  for (let i = 0; i < waits.n; i++) if (noise.isLate(i)) late.push(i);
  const longest = late.toSorted((a, b) => (waits.lateness[b] ?? 0) - (waits.lateness[a] ?? 0) || a - b);
  const judged = new Set(longest.slice(0, JUDGED));
  const step = Math.max(1, Math.ceil(late.length / JUDGED));
  for (let k = 0; k < late.length; k += step) judged.add(late[k] ?? 0);
  /** The cause of the nearest judged entry of the same rank stands for those that were not. */
  const nearest = new Map<number, ReturnType<typeof causeOf>>();
  return late.map(i => {
    const p = waits.last[i] ?? 0;
    const start = waits.startOf(p, i);
    const others = waits.ranks.map((_, q) => q).filter(q => q !== p);
    const waitOfAll = sum(others, q => Math.max(0, Math.min(start - waits.startOf(q, i), waits.lengthOf(q, i) - (waits.transfer[i] ?? 0))));
    const found = judged.has(i) ? causeOf(waits, i) : (nearest.get(p) ?? causeOf(waits, i));
    nearest.set(p, found);
    const lateness = waits.lateness[i] ?? 0;
    return { rank: waits.ranks[p] ?? 0, start, waitFrom: start - lateness, wait: waitOfAll / others.length, waitOfAll, lateness, ...found };
  });
}

function lateRanks(entries: readonly LateEntry[], ranks: Ranks['ranks'], from: number): LateRank[] {
  return [...group(entries, e => `${e.rank}:${e.cause}`).values()]
    .map((list): LateRank => {
      const longest = list.toSorted((a, b) => b.wait - a.wait || a.start - b.start);
      return {
        rank: ranks[list[0]?.rank ?? 0]?.label ?? '',
        count: list.length,
        wait_ms: toMs(sum(list, e => e.wait)),
        cause: list[0]?.cause ?? 'unexplained',
        why: longest[0]?.why ?? '',
        worst: longest.slice(0, SHOWN).map(e => ({ start_ms: toMs(e.waitFrom - from), wait_ms: toMs(e.wait), cause: e.cause })),
      };
    })
    .sort((a, b) => b.wait_ms - a.wait_ms || (a.rank < b.rank ? -1 : 1));
}

function kindsOf(all: readonly Waits[], { kinds }: Ranks): Collectives['kinds'] {
  const sums = kinds.map(() => ({ count: 0, transfer: 0, wait: 0 }));
  for (const w of all)
    for (let i = 0; i < w.n; i++) {
      const entry = sums[w.kind[i] ?? 0];
      if (entry === undefined) continue;
      entry.count++;
      entry.transfer += w.transfer[i] ?? 0;
      entry.wait += sum(w.ranks, (_, p) => w.lengthOf(p, i)) / w.ranks.length - (w.transfer[i] ?? 0);
    }
  return kinds
    .flatMap((k, i) => {
      const s = sums[i];
      if (s === undefined || s.count === 0) return [];
      const { name, algorithm, protocol } = k;
      return [{ name, algorithm, protocol, count: s.count, transfer_ms: toMs(s.transfer), wait_ms: toMs(s.wait) }];
    })
    .sort((a, b) => b.transfer_ms + b.wait_ms - a.transfer_ms - a.wait_ms);
}

const skewOf = (sources: readonly CollectiveSource[], clocks: readonly SourceClock[]): Collectives['skew'] =>
  sources.length < 2
    ? []
    : sources.flatMap((s, i) => {
        const clock = clocks[i];
        if (clock === undefined || clock.method === 'unknown') return [];
        return [{ report: s.name, offset_ms: toMs(clock.correction), residual_ms: toMs(clock.residual) }];
      });

/**
 * Who waited for whom in the collectives of any number of reports and processes. Collectives are matched across ranks by kernel, order
 * and end; the shortest participant of each is the transfer and the rest is wait; a rank is late where it entered later than
 * jitter explains (see noiseOf), and its own cause is what its thread or its GPU did meanwhile that its peers' did not.
 * @returns undefined where no two ranks met in a collective
 */
export function analyzeCollectives(sources: readonly CollectiveSource[], options: CollectiveOptions): Collectives | undefined {
  const found = findRanks(sources);
  const { ranks } = found;
  if (ranks.length < 2) return undefined;
  const clocks = mergeClocks(sources, found);
  const aligned = onOneClock(found, clocks);
  const groups = findGroups(aligned, ranks.length).filter(g => g.n > 0);
  if (groups.length === 0) return undefined;
  const all = groups.map(g => waitsOf(g, aligned));

  const residualOf = (w: Waits) => {
    const own = new Set(w.ranks.map(r => ranks[r]?.source ?? 0));
    return own.size < 2 ? 0 : (max(own, s => clocks[s]?.residual ?? 0) ?? 0);
  };
  const causeOf = lateCauses(sources, found, options.detectors);
  const noises = all.map(w => noiseOf(w, residualOf(w)));
  const entries = all.flatMap((w, k) => lateEntries(w, noises[k] as Noise, causeOf));

  const transfer = new Float64Array(ranks.length);
  const wait = new Float64Array(ranks.length);
  let ops = 0;
  for (const w of all) {
    ops += w.n;
    for (const [p, rank] of w.ranks.entries())
      for (let i = 0; i < w.n; i++) {
        const shortest = w.transfer[i] ?? 0;
        transfer[rank] = (transfer[rank] ?? 0) + shortest;
        wait[rank] = (wait[rank] ?? 0) + w.lengthOf(p, i) - shortest;
      }
  }
  const { communication, exposed } = exposureOf(sources, found);
  const waitMs = toMs(sum(wait) / ranks.length);
  const late = lateRanks(entries, ranks, options.from ?? Math.min(...sources.slice(0, 1).map(s => s.ops.start[0] ?? 0)));
  const environment = sources.flatMap(s => environmentFindings(s.environment ?? {}));
  const result: Omit<Collectives, 'answer'> = {
    matched_by: 'order of the kernels on their streams, checked by their ends: the export holds no NCCL payloads (communicator, size)',
    ranks: ranks.map(r => r.label),
    ops,
    transfer_ms: toMs(sum(transfer) / ranks.length),
    wait_ms: waitMs,
    jitter_ms: Math.max(0, waitMs - toMs(sum(entries, e => e.waitOfAll) / ranks.length)),
    exposed_share: communication > 0 ? exposed / communication : 0,
    kinds: kindsOf(all, found),
    per_rank: ranks.map((r, i) => ({
      rank: r.label,
      device: r.deviceLabel,
      transfer_ms: toMs(transfer[i] ?? 0),
      wait_ms: toMs(wait[i] ?? 0),
      late: entries.filter(e => e.rank === i).length,
    })),
    late,
    skew: skewOf(sources, clocks),
    environment: [...new Set(environment)],
    cannot_tell: cannotTell({ sources, found, groups, clocks, entries, kinds: found.kinds }),
  };
  return { answer: answerOf(result, all, noises), ...result };
}
