import { intAt, itemAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { leastBusy, textOf, workOf } from './kernel-words.ts';
import type { LaneEvents } from './lane-events.ts';
import type { Segment } from './segments.ts';

/** Segments of the same work. */
interface Cluster {
  readonly thread: number;
  /** Time by kernel and shape, of all its segments. */
  readonly work: Map<number, number>;
  readonly members: number[];
}

/** An operation without a name: what it is like, though not yet what it is. */
export interface Unnamed {
  readonly segment: Segment;
  /** 0: a forward. Above: kinds of other work in the order in which they first come: backwards, whole or of inputs or of weights. */
  readonly kind: number;
  /** The same number: the same kernels in the same order. */
  readonly text: number;
}

/** One way to read a lane: its operations, in order. */
export interface Reading {
  readonly operations: readonly Unnamed[];
  /** How many kinds beside forwards there are. */
  readonly kinds: number;
  /** In how many of its forwards kernels of each name are. */
  readonly forwardNames: ReadonlyMap<number, number>;
}

/**
 * Segments whose times by kernel point this much the same way (cosine) are of one kind. A first microbatch that does not add up gradients, or a chunk with
 * the embedding in it, differs in what takes little time; a backward shares no matrix product with a forward.
 */
const ALIKE = 0.9;
/** Work that comes half as often as an operation and takes less than this share of its time is the epilogue of an iteration. */
const EPILOGUE = 0.35;
/** What comes so seldom beside the operations is not even one of the eight chunks that a device may have. */
const RARE = 1 / 8;
/** Less alike than this, and two have no work in common but for a copy or a sum. */
const UNLIKE = 0.1;
/** Counts of forwards and backwards differ by no more than this share where a few records are lost. */
const BALANCED = 0.15;

function cosine(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
  let dot = 0;
  let [aa, bb] = [0, 0];
  for (const [k, x] of a) {
    dot += x * (b.get(k) ?? 0);
    aa += x * x;
  }
  for (const x of b.values()) bb += x * x;
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}

function join(into: Cluster, from: Pick<Cluster, 'work' | 'members'>): void {
  for (const [k, x] of from.work) into.work.set(k, (into.work.get(k) ?? 0) + x);
  into.members.push(...from.members);
}

function clustersOf(lane: LaneEvents, segments: readonly Segment[]): Cluster[] {
  const out: Cluster[] = [];
  for (const [i, segment] of segments.entries()) {
    const work = workOf(lane, segment);
    const near = out.filter(c => c.thread === segment.thread).map(c => ({ c, like: cosine(c.work, work) }));
    const best = near.reduce((a, b) => (b.like > (a?.like ?? ALIKE) ? b : a), undefined as (typeof near)[number] | undefined);
    if (best === undefined) out.push({ thread: segment.thread, work, members: [i] });
    else join(best.c, { work, members: [i] });
  }
  return out;
}

const busyOf = (c: Cluster, segments: readonly Segment[]) => medianOf(c.members.map(i => itemAt(segments, i).busy));

/** What is left of the clusters without what comes once an iteration and takes little, or has nothing of what the operations have: an optimizer may take long. */
function withoutEpilogues(clusters: readonly Cluster[], segments: readonly Segment[]): Cluster[] {
  const most = Math.max(...clusters.map(c => c.members.length));
  const usual = clusters.filter(c => c.members.length > most / 2);
  const large = Math.max(...usual.map(c => busyOf(c, segments)));
  const isForeign = (c: Cluster) => c.members.length <= RARE * most && usual.every(u => cosine(u.work, c.work) < UNLIKE);
  return clusters.filter(c => c.members.length > most / 2 || (busyOf(c, segments) > EPILOGUE * large && !isForeign(c)));
}

/** Joins the most alike of one thread's clusters until there are as many backwards as forwards. */
function balance(clusters: readonly Cluster[]): Cluster[] {
  const left = clusters.map(c => ({ ...c, work: new Map(c.work), members: [...c.members] }));
  const even = () => {
    const counts = left.map(c => c.members.length);
    return counts.length <= 3 && Math.max(...counts) - Math.min(...counts) <= BALANCED * Math.max(...counts);
  };
  while (left.length > 2 && !even()) {
    let [best, x, y] = [-1, 0, 1];
    for (let i = 0; i < left.length; i++)
      for (let j = i + 1; j < left.length; j++) {
        const like = cosine(itemAt(left, i).work, itemAt(left, j).work);
        if (like > best) [best, x, y] = [like, i, j];
      }
    join(itemAt(left, x), itemAt(left, y));
    itemAt(left, x).members.sort((a, b) => a - b);
    left.splice(y, 1);
  }
  return left;
}

/** In how many forwards kernels of each name are. */
function namesIn(lane: LaneEvents, operations: readonly Unnamed[]): Map<number, number> {
  const out = new Map<number, number>();
  for (const { kind, segment } of operations) {
    if (kind !== 0) continue;
    for (const name of new Set(segment.events.map(e => intAt(lane.name, e)))) out.set(name, (out.get(name) ?? 0) + 1);
  }
  return out;
}

/**
 * Tells the operations among the segments of a lane, and forwards from the rest. A lane begins with a forward; where autograd launches backwards
 * from a thread of its own, all work of the first thread is forward.
 * @param balanced whether kinds of one thread are joined until there are as many backwards as forwards
 */
export function readKinds(lane: LaneEvents, all: readonly Segment[], balanced: boolean): Reading {
  const least = leastBusy(all);
  const segments = all.filter(s => s.busy >= least);
  if (segments.length === 0) return { operations: [], kinds: 0, forwardNames: new Map() };
  const clusters = withoutEpilogues(clustersOf(lane, segments), segments);
  const first = clusters.reduce((a, b) => (valueAt(b.members, 0) < valueAt(a.members, 0) ? b : a));
  const threads = new Set(clusters.map(c => c.thread));
  const kinds = threads.size > 1 || !balanced ? clusters : balance(clusters);
  const isForward = (c: Cluster) => (threads.size > 1 ? c.thread === first.thread : c.members.includes(valueAt(first.members, 0)));
  const others = kinds.filter(c => !isForward(c)).sort((a, b) => valueAt(a.members, 0) - valueAt(b.members, 0));
  const kindOf = new Map<number, number>();
  for (const c of kinds.filter(isForward)) for (const i of c.members) kindOf.set(i, 0);
  for (const [k, c] of others.entries()) for (const i of c.members) kindOf.set(i, k + 1);
  const texts = new Map<string, number>();
  const operations = segments.flatMap((segment, i): Unnamed[] => {
    const kind = kindOf.get(i);
    if (kind === undefined) return [];
    const text = textOf(lane, segment);
    const number = texts.get(text) ?? texts.size;
    texts.set(text, number);
    return [{ segment, kind, text: number }];
  });
  return { operations, kinds: others.length, forwardNames: namesIn(lane, operations) };
}
