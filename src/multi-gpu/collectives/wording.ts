import { max, median, sum } from 'd3-array';
import { intAt, realAt, valueAt } from '#core/columns';
import type { SourceClock } from '#multi-gpu/ranks/clocks';
import type { Group } from '#multi-gpu/ranks/groups';
import type { CollectiveStream, Ranks } from '#multi-gpu/ranks/ranks';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import type { Collectives } from '#schema/collectives';
import type { Noise } from './noise.ts';
import type { Straggler } from './stragglers.ts';
import type { Waits } from './waits.ts';

/** A wait from which on a reader would see it in a timeline. */
const VISIBLE_NS = 1e6;
/** A rank that is last in this share of the collectives leans. */
const MOSTLY = 0.7;
/** Fewer collectives show no leaning. */
const FEWEST = 100;

const sentence = (text: string) => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

const ms = (value: number) => `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ms`;
const many = (n: number, one: string) => `${n.toLocaleString('en-US')} ${one}${n === 1 ? '' : 's'}`;

/** The waits that the words are about. */
export interface Seen {
  readonly all: readonly Waits[];
  readonly noises: readonly Noise[];
  readonly scheduled: readonly Straggler[];
}

/** The paragraph that answers "who is everyone waiting for?". */
export function answerOf(c: Omit<Collectives, 'answer'>, seen: Seen): string {
  return [...(c.ops > 0 ? waitingOf(c, seen) : []), ...exchangesOf(c), exposedOf(c)].join(' ');
}

const exposedOf = (c: Pick<Collectives, 'exposed_share'>) =>
  `${Math.round(c.exposed_share * 100)} % of the communication had no compute beside it.`;

function exchangesOf({ exchanges, ops }: Omit<Collectives, 'answer'>): string[] {
  if (exchanges.ops === 0) return [];
  const took = `${many(exchanges.ops, 'exchange')} between two ranks (NCCL sends and receives${ops === 0 ? '; no collectives' : ''}) took a mean rank`;
  return [
    `${took} ${ms(exchanges.transfer_ms + exchanges.wait_ms)}: ${ms(exchanges.transfer_ms)} of transfer and ${ms(exchanges.wait_ms)} until the other side was ready, as the program's order of work has it.`,
  ];
}

function waitingOf(c: Omit<Collectives, 'answer'>, { all, noises, scheduled }: Seen): string[] {
  const total = c.transfer_ms + c.wait_ms;
  const out = [
    `${many(c.ops, 'collective')} of ${c.ranks.length} ranks took a mean rank ${ms(total)}: ${ms(c.transfer_ms)} of transfer (the shortest participant) and ${ms(c.wait_ms)} of waiting.`,
  ];
  for (const l of c.late)
    out.push(
      `${sentence(l.rank)} came late ${l.count === 1 ? 'once' : many(l.count, 'time')} and kept the others waiting ${ms(l.wait_ms)}: ${l.cause} (${l.why}).`,
    );
  if (c.late.length === 0) out.push('No rank was late beyond the jitter.');
  const ordered = sum(scheduled, e => sum(e.waiting, w => w.ns)) / 1e6 / c.ranks.length;
  if (scheduled.length > 0)
    out.push(
      `${ms(ordered)} of the waiting follow from the order of the work (${many(scheduled.length, 'wait')} of up to ${ms((max(scheduled, e => e.lateness) ?? 0) / 1e6)} after sends and receives): nobody is called late for that.`,
    );
  const other = ms(Math.max(0, c.jitter_ms - ordered));
  out.push(
    `${c.late.length === 0 && ordered === 0 ? `All ${other}` : `The other ${other}`} of waiting is jitter${stallsOf(c.ranks, all, noises)}.`,
  );
  out.push(...habits(c.ranks, all));
  return out;
}

/** The long waits that are jitter all the same, and whom they were for: about as many for each rank. */
function stallsOf(labels: readonly string[], all: readonly Waits[], noises: readonly Noise[]): string {
  const counts = labels.map(() => 0);
  let longest = 0;
  for (const [k, w] of all.entries())
    for (let i = 0; i < w.n; i++) {
      const late = realAt(w.lateness, i);
      if (late <= VISIBLE_NS || noises[k]?.isLate(i) !== false) continue;
      longest = Math.max(longest, late);
      const rank = valueAt(w.ranks, intAt(w.last, i));
      counts[rank] = valueAt(counts, rank) + 1;
    }
  const total = sum(counts);
  if (total === 0) return '';
  const whom = labels.flatMap((label, r) => (counts[r] ? `${counts[r]} for ${label}` : [])).join(', ');
  return ` (${many(total, 'wait')} of 1 to ${ms(longest / 1e6)} among it: ${whom})`;
}

/** A rank that is last in most collectives, though by no more than the scatter. */
function habits(labels: readonly string[], all: readonly Waits[]): string[] {
  return all.flatMap(w => {
    const counts = w.ranks.map(() => 0);
    for (const p of w.last) counts[p] = valueAt(counts, p) + 1;
    const p = counts.indexOf(Math.max(...counts));
    if (valueAt(counts, p) < MOSTLY * w.n || w.n < FEWEST) return [];
    const by = median(w.lateness.filter((_, i) => w.last[i] === p)) ?? 0;
    const label = labels[valueAt(w.ranks, p)] ?? '';
    return [
      `${sentence(label)} was last in ${Math.round((100 * valueAt(counts, p)) / w.n)} % of ${many(w.n, 'collective')}, by ${(by / 1000).toFixed(0)} µs (median).`,
    ];
  });
}

interface Facts {
  readonly sources: readonly CollectiveSource[];
  readonly found: Ranks;
  readonly groups: readonly Group[];
  readonly clocks: readonly SourceClock[];
  readonly entries: readonly Straggler[];
}

const BY_ORDER = 'order of the kernels on their streams, checked by their ends';

/** How many NCCL kernels there are, and of how many the communicator and the message are known. */
const knowledge = (streams: readonly CollectiveStream[]) => ({
  kernels: sum(streams, c => c.n),
  communicators: sum(streams, c => (c.communicator === '' ? 0 : c.n)),
  messages: sum(streams, c => c.bytes?.reduce((n, b) => n + (Number.isNaN(b) ? 0 : 1), 0) ?? 0),
});

/** How the collectives of the ranks were matched. */
export function matchedBy(streams: readonly CollectiveStream[]): string {
  const { kernels, communicators } = knowledge(streams);
  if (communicators === 0) return `${BY_ORDER}: the export holds no NCCL payloads (communicator, size)`;
  if (communicators === kernels) return `communicator (NCCL's NVTX payloads) and ${BY_ORDER}`;
  return `communicator for ${communicators.toLocaleString('en-US')} of ${many(kernels, 'kernel')} (NCCL's NVTX payloads), and ${BY_ORDER}`;
}

/** What the traces do not show about collectives, a sentence each. */
export function cannotTell({ sources, found, groups, clocks, entries }: Facts): string[] {
  const { ranks, streams, kinds } = found;
  const { kernels, messages } = knowledge(streams);
  const out: string[] = [];
  if (messages === 0) out.push('Bytes of a collective, and so its bandwidth: the export holds no NCCL payloads.');
  else if (messages < kernels)
    out.push(
      `Bytes of ${many(kernels - messages, 'NCCL kernel')}: no payload is joined to ${kernels - messages === 1 ? 'it' : 'them'} (launched by a group of several kernels or communicators or by a CUDA graph, or the call was not recorded).`,
    );
  if (kinds.some(k => k.protocol === 'LL' || k.algorithm !== null))
    out.push(
      'Which algorithm and protocol ran: since 2.19 NCCL runs others inside the kernel that it names after the most common one (RING_LL, mostly).',
    );
  const paired = new Set(groups.flatMap(g => g.streams));
  const alone = streams.filter((_, i) => !paired.has(i));
  const left = sum(groups, g => g.unmatched) + sum(alone, c => c.n);
  if (left > 0)
    out.push(
      `${many(left, 'NCCL kernel')} met no partner in these traces (cut off by the window, lost, or a rank that was not recorded) and ${left === 1 ? 'is' : 'are'} left out.`,
    );
  for (const [i, clock] of clocks.entries())
    if (clock.method === 'unknown')
      out.push(`Where ${sources[i]?.name ?? 'a report'} lies in time: none of its collectives matches those of the others.`);
  const residual = max(clocks, c => c.residual) ?? 0;
  if (sources.length > 1 && residual > 0)
    out.push(`Who entered first where entries lie within ${(residual / 1000).toFixed(1)} µs: the clocks agree no better.`);
  const judged = new Set(entries.map(e => ranks[e.rank]?.source ?? 0));
  if ([...judged].some(s => sources[s]?.host.hasOsCalls === false))
    out.push('Whether a late rank’s thread computed or waited in the operating system: record with -t osrt.');
  return out;
}
