import { realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { lowerBound } from '#core/math/spans';
import type { Bytes, Ns } from '#core/units';
import type { DeviceWork } from './devices.ts';
import type { Message, NcclSend } from './nccl-sends.ts';
import type { Iteration, Operation } from './operation.ts';
import type { NamedHandoff } from './operations.ts';
import { slotKey } from './schedules/textbook.ts';
import { dependencies } from './simulate.ts';
import type { Transfer } from './transfers.ts';

/** What one operation passed to one on another device. Times on the clock that all reports share. */
export interface Handoff {
  readonly producer: Operation;
  readonly consumer: Operation;
  /** Undefined where no copy and no kernel of a collective was seen that could have carried it. */
  readonly start: Ns | undefined;
  readonly end: Ns | undefined;
  /** Null where the trace does not say, as of NCCL's kernels without their payloads. */
  readonly bytes: Bytes | null;
  readonly staged: boolean;
  readonly via: 'copy' | 'nccl' | 'unseen';
  readonly transfers: readonly Transfer[];
  /** What NCCL carried, where its own ranges tell. */
  readonly messages: readonly Message[];
}

interface Edge {
  readonly producer: Operation;
  readonly consumer: Operation;
}

/** Pairs of operations on different devices of which the second needs what the first made. */
function edgesOf(iteration: Iteration): Edge[] {
  const byKey = new Map(iteration.operations.map(o => [slotKey(o), o]));
  return iteration.operations.flatMap(consumer =>
    dependencies(consumer).flatMap(key => {
      const producer = byKey.get(key);
      return producer === undefined || producer.rank === consumer.rank ? [] : [{ producer, consumer }];
    }),
  );
}

/** What a hand-off is called, by its report and the correlation id of a copy of it. */
export type NamedCopies = ReadonlyMap<string, NamedHandoff>;

/** Hand-offs by their copies, found once for all iterations. */
export function namedCopies(named: readonly NamedHandoff[]): NamedCopies {
  const out = new Map<string, NamedHandoff>();
  for (const h of named) for (const id of h.copies) out.set(`${h.source}:${id}`, h);
  return out;
}

const PATH = (from: string, to: string) => `${from}>${to}`;

/** Transfers, or NCCL's messages, of one iteration by the operation that they feed. */
function match<T extends NcclSend>(
  iteration: Iteration,
  edges: readonly Edge[],
  transfers: readonly T[],
  named: NamedCopies,
): Map<Edge, T[]> {
  const out = new Map<Edge, T[]>();
  const deviceOf = (o: Operation) => iteration.devices[o.rank] ?? '';
  const byName = new Map(edges.map(e => [`${e.producer.microbatch}:${e.producer.stage}>${e.consumer.stage}`, e]));
  const left: T[] = [];
  for (const t of transfers) {
    const name = named.get(`${t.source}:${t.id}`);
    const edge = name && byName.get(`${name.microbatch}:${name.fromStage}>${name.toStage}`);
    if (edge) getOrCompute(out, edge, () => [] as T[]).push(t);
    else left.push(t);
  }
  const byPath = new Map<string, T[]>();
  for (const t of left) getOrCompute(byPath, PATH(t.from, t.to), () => [] as T[]).push(t);
  for (const [path, list] of byPath) {
    const open = edges
      .filter(e => PATH(deviceOf(e.producer), deviceOf(e.consumer)) === path && !out.has(e))
      .sort((a, b) => a.producer.end - b.producer.end);
    if (open.length === 0) continue;
    const each = list.length / open.length;
    // Copies between two devices keep their order; where their number does not tell which is which, the time does.
    if (Number.isInteger(each)) for (const [i, e] of open.entries()) out.set(e, list.slice(i * each, (i + 1) * each));
    else
      for (const t of list) {
        const e = open.findLast(x => x.producer.start <= t.start) ?? open[0];
        if (e) getOrCompute(out, e, () => [] as T[]).push(t);
      }
  }
  return out;
}

/** The last stretch of communication on a device that ended before t, and did not end before `from`. */
function lastBefore(device: DeviceWork | undefined, from: Ns, t: Ns): readonly [Ns, Ns] | undefined {
  const spans = device?.communication;
  if (spans === undefined) return undefined;
  const i = lowerBound(spans.start, t) - 1;
  return i >= 0 && realAt(spans.end, i) > from ? [realAt(spans.start, i), Math.min(realAt(spans.end, i), t)] : undefined;
}

/** Every hand-off of an iteration. */
export function handoffsOf(
  iteration: Iteration,
  transfers: readonly Transfer[],
  named: NamedCopies,
  devices: ReadonlyMap<string, DeviceWork>,
  messages: readonly Message[] = [],
): Handoff[] {
  const edges = edgesOf(iteration);
  const matched = match(iteration, edges, transfers, named);
  const sent = match(iteration, edges, messages, named);
  return edges.map(edge => {
    const list = matched.get(edge) ?? [];
    if (list.length > 0)
      return {
        ...edge,
        start: Math.min(...list.map(t => t.start)),
        end: Math.max(...list.map(t => t.end)),
        bytes: list.reduce((n, t) => n + t.bytes, 0),
        staged: list.some(t => t.staged),
        via: 'copy',
        transfers: list,
        messages: [],
      };
    const none = { ...edge, bytes: null, staged: false, transfers: [], messages: [] };
    // A receiving kernel spins from its launch on: only from the producer's end can it carry anything.
    const kernel = lastBefore(devices.get(iteration.devices[edge.consumer.rank] ?? ''), edge.producer.end, edge.consumer.start);
    if (kernel === undefined) return { ...none, start: undefined, end: undefined, via: 'unseen' };
    const own = sent.get(edge) ?? [];
    const bytes = own.reduce((n, c) => n + (c.bytes ?? Number.NaN), 0);
    const [start, end] = [Math.max(kernel[0], edge.producer.end), Math.max(kernel[1], edge.producer.end)];
    return { ...none, start, end, bytes: bytes > 0 ? bytes : null, via: 'nccl', messages: own };
  });
}
