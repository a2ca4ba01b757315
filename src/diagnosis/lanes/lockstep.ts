import { intAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { medianOf } from '#core/math/median';
import { type Normal, normalOf } from '#core/math/normal-range';
import type { Ns, Share } from '#core/units';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import { LAUNCH_NS, type Lane } from './lane.ts';
import { LEAST_SCATTER_NS, lateSpells } from './late-spells.ts';

/** Operations of two lanes that belong together, by their index in GpuOps, in order of time. */
export interface Pairs {
  readonly own: Int32Array;
  readonly peers: Int32Array;
}

/** Fewer runs of a kernel say nothing about whether two lanes run it together. */
const FEWEST_PAIRS = 20;
/** Lanes that work in lockstep run a kernel equally often, but for what the edges of the capture cut off. */
const SAME_COUNT: Share = 0.95;
/** Share of the pairs that must end together. What runs in lockstep always does; work that is merely alike does so by chance. */
const TOGETHER_SHARE: Share = 0.8;
/** Both ends of a collective are one event: what lies between them is the way of a signal, and the resolution of two clocks. */
const SAME_END_NS = 50_000;
/** Whole graphs hold work after their last collective, which differs a little. */
const SAME_END_SHARE: Share = 0.05;

/**
 * Operations that a lane and a peer run together: the same kernel or graph, in the same order, ending at the same time, whatever its
 * name. That is how a collective behaves, and a graph that ends with one.
 * @returns undefined where nothing ends together: the lanes have nothing to do with one another
 */
export function pairsOf(ops: GpuOps, lane: Lane, peer: Lane): Pairs | undefined {
  const theirs = rowsByKernel(ops, peer);
  const own: number[] = [];
  const peers: number[] = [];
  for (const [name, mine] of rowsByKernel(ops, lane)) {
    const other = theirs.get(name);
    if (other === undefined || mine.length < FEWEST_PAIRS) continue;
    if (Math.min(mine.length, other.length) < SAME_COUNT * Math.max(mine.length, other.length)) continue;
    // Most kernels show in their first runs that they have nothing to do with those of the peer.
    if (
      mine.length === other.length &&
      !endTogether(ops, match(ops, mine.slice(0, FIRST_RUNS), other.slice(0, FIRST_RUNS)), Math.min(FIRST_RUNS, mine.length))
    )
      continue;
    const matched = match(ops, mine, other);
    if (!endTogether(ops, matched, Math.max(mine.length, other.length))) continue;
    for (const [a, b] of matched) {
      own.push(a);
      peers.push(b);
    }
  }
  return own.length === 0 ? undefined : { own: Int32Array.from(own), peers: Int32Array.from(peers) };
}

/** Runs of a kernel that are looked at first: half of them would end together by chance in one case of a million. */
const FIRST_RUNS = 100;

/** Kernels of a lane by name, graphs as one kind: rows in order of start. */
function rowsByKernel(ops: GpuOps, lane: Lane): ReadonlyMap<number, number[]> {
  const out = new Map<number, number[]>();
  for (const i of lane.ops) {
    const kind = ops.kind[i];
    if (kind === OP.copy || kind === OP.memset) continue;
    const name = kind === OP.graph ? -1 : intAt(ops.nameId, i);
    const rows = out.get(name);
    if (rows === undefined) out.set(name, [i]);
    else rows.push(i);
  }
  return out;
}

/** Whether so many of the runs end together that it is no chance. @param of runs there were */
function endTogether(ops: GpuOps, matched: readonly (readonly [number, number])[], of: number): boolean {
  const together = matched.filter(([a, b]) => {
    const length = Math.max(realAt(ops.end, a) - realAt(ops.start, a), realAt(ops.end, b) - realAt(ops.start, b));
    return Math.abs(realAt(ops.end, a) - realAt(ops.end, b)) <= Math.max(SAME_END_NS, SAME_END_SHARE * length);
  });
  return together.length >= TOGETHER_SHARE * of;
}

/** The k-th of one list goes with the k-th of the other; where their numbers differ, after leaving out what overlaps nothing. */
function match(ops: GpuOps, mine: readonly number[], other: readonly number[]): (readonly [number, number])[] {
  if (mine.length === other.length) return mine.map((a, k) => [a, valueAt(other, k)] as const);
  const out: (readonly [number, number])[] = [];
  let k = 0;
  for (const a of mine) {
    while (k < other.length && realAt(ops.end, valueAt(other, k)) < realAt(ops.start, a)) k++;
    const b = other[k];
    if (b === undefined || realAt(ops.start, b) > realAt(ops.end, a)) continue;
    out.push([a, b]);
    k++;
  }
  return out;
}

/** An operation that began before its counterpart of another lane, and was kept waiting inside. */
export interface Kept {
  /** Index in GpuOps. */
  readonly op: number;
  /** The stretch in which the other had not begun, ns. */
  readonly from: Ns;
  readonly to: Ns;
}

/** When the lane's operations were kept waiting by the peer's, beyond the scatter of all their starts. */
export function keptBy(ops: GpuOps, { own, peers }: Pairs): readonly Kept[] {
  const lead = new Float64Array(own.length);
  for (let k = 0; k < lead.length; k++) lead[k] = realAt(ops.start, intAt(peers, k)) - realAt(ops.start, intAt(own, k));
  const usual = normalOf(lead);
  if (usual === undefined) return [];
  const inSpell = ofSpells(lead, usual, own, ops);
  const isEarly = (k: number) => inSpell.has(k) || (realAt(lead, k) > usual.limit && realAt(lead, k) >= LAUNCH_NS);
  const needed = neededBy(ops, { own, peers }, isEarly);
  const out: Kept[] = [];
  for (let k = 0; k < lead.length; k++) {
    if (!isEarly(k)) continue;
    const a = intAt(own, k);
    const waited = Math.min(realAt(lead, k), lengthOf(ops, a) - (needed.get(intAt(ops.work, a)) ?? 0));
    if (waited < (inSpell.has(k) ? 1 : LAUNCH_NS)) continue;
    const from = realAt(ops.start, a);
    out.push({ op: a, from, to: from + waited });
  }
  return out;
}

const lengthOf = ({ start, end }: GpuOps, op: number): Ns => realAt(end, op) - realAt(start, op);

/**
 * What operations need by themselves, by kind of work: at the median, as long as the one takes that came last, since it did not wait. Only of
 * the kinds that are asked about: most never are.
 */
function neededBy(ops: GpuOps, { own, peers }: Pairs, isAsked: (k: number) => boolean): ReadonlyMap<number, Ns> {
  const lengths = new Map<number, Ns[]>();
  for (let k = 0; k < own.length; k++) if (isAsked(k)) getOrCompute(lengths, intAt(ops.work, intAt(own, k)), () => [] as Ns[]);
  if (lengths.size === 0) return new Map();
  for (let k = 0; k < own.length; k++) {
    const [a, b] = [intAt(own, k), intAt(peers, k)];
    lengths.get(intAt(ops.work, a))?.push(Math.min(lengthOf(ops, a), lengthOf(ops, b)));
  }
  return new Map([...lengths].map(([work, list]) => [work, medianOf(list)]));
}

/** The peer, and the lane itself. */
const [PEER, OWN] = [1, 0];

/** Pairs in whose stretch the peer was late again and again, each time by too little to count alone. */
function ofSpells(lead: Float64Array, { median: usual, limit }: Normal, own: Int32Array, ops: GpuOps): ReadonlySet<number> {
  const late = (k: number) => realAt(lead, k) - usual;
  const scatter = Math.max(limit - usual, LEAST_SCATTER_NS);
  const at = (k: number) => realAt(ops.start, intAt(own, k));
  const short = [...own.keys()].filter(k => Math.abs(late(k)) > scatter && Math.abs(late(k)) < LAUNCH_NS).sort((a, b) => at(a) - at(b));
  const entries = short.map(k => ({ at: at(k), who: late(k) > 0 ? PEER : OWN, late: Math.abs(late(k)) }));
  const spells = lateSpells(entries, 2);
  return new Set(short.filter((k, i) => spells[i] !== 0 && late(k) > 0));
}
