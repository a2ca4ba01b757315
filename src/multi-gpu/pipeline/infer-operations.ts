import { intAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { complement, type Spans, spansOf } from '#core/math/spans';
import { OP } from '#trace/events/gpu-ops';
import type { NcclSend } from './nccl-sends.ts';
import type { FoundOperation } from './operations.ts';
import type { PipelineSource } from './source.ts';

/** Operations that were told from copies and launches alone. */
export interface InferredOperations {
  /** How they were found and how sure that is, in a sentence. */
  readonly how: string;
  readonly operations: readonly FoundOperation[];
  readonly notes: readonly string[];
}

/** Kernels of one device that one thread launched in a row, and where their result was sent. */
interface Group {
  readonly source: number;
  readonly device: number;
  readonly kernels: number[];
  readonly launched: number;
  to: string | undefined;
}

const NOT_NAMED = 'No range names the operations of a pipeline';
/** All devices and copies at rest for as long as this: the program waited for everything, as it does between iterations. */
const REST_NS = 100_000;

const keyOf = (g: { readonly source: number; readonly device: number }) => `${g.source}:${g.device}`;

/** Cuts each thread's launches into groups: a copy, a collective or a kernel for another device ends one. */
function groupsOf(source: PipelineSource, s: number, transfers: readonly NcclSend[]): Group[] {
  const { ops } = source;
  const { api } = source.host;
  const launches: { readonly t: number; readonly thread: number; readonly op: number }[] = [];
  for (let i = 0; i < ops.n; i++) {
    if (ops.kind[i] === OP.memset) continue;
    const call = api.find(valueAt(ops.processes, intAt(ops.process, i)), intAt(ops.correlation, i));
    if (call >= 0) launches.push({ t: realAt(api.start, call), thread: intAt(api.thread, call), op: i });
  }
  launches.sort((a, b) => a.t - b.t || a.op - b.op);
  const sent = new Map(transfers.filter(t => t.source === s).map(t => [t.id, t]));
  const out: Group[] = [];
  const open = new Map<number, Group | undefined>();
  const last = new Map<number, Group>();
  for (const { t, thread, op } of launches) {
    const device = intAt(ops.device, op);
    const current = open.get(thread);
    if (ops.kind[op] === OP.kernel || ops.kind[op] === OP.graph) {
      // Launched long after all before it was done: the program had waited for that.
      const rested = current !== undefined && t >= realAt(ops.end, current.kernels.at(-1) ?? 0) + REST_NS;
      if (current !== undefined && current.device === device && !rested) {
        current.kernels.push(op);
        continue;
      }
      const group: Group = { source: s, device, kernels: [op], launched: t, to: undefined };
      out.push(group);
      open.set(thread, group);
      last.set(thread, group);
      continue;
    }
    open.set(thread, undefined);
    const transfer = sent.get(`${ops.process[op]}:${ops.correlation[op]}`);
    const producer = last.get(thread);
    if (transfer !== undefined && producer !== undefined && transfer.from === keyOf(producer)) producer.to = transfer.to;
  }
  return out;
}

const spanOf = (source: PipelineSource, g: Group): Spans =>
  spansOf(
    g.kernels.map(i => [realAt(source.ops.start, i) + source.clock.offset, realAt(source.ops.end, i) + source.clock.offset] as const),
  );

/** Devices as the first microbatch passes through them: from the first copy's source, each to where it first sends. */
function chain(transfers: readonly NcclSend[]): string[] {
  const first = transfers[0];
  if (first === undefined) return [];
  const out = [first.from];
  for (let next = transfers.find(t => t.from === out.at(-1) && !out.includes(t.to)); next !== undefined; ) {
    out.push(next.to);
    const at = next.to;
    next = transfers.find(t => t.from === at && !out.includes(t.to));
  }
  return out;
}

/** Splits what ran as one group on the last device: there nothing is sent between a forward and its backward. */
function splitLast(group: Group, shape: (g: Group) => readonly number[], forward: readonly number[]): [Group, Group] | undefined {
  const kernels = shape(group);
  if (forward.length === 0 || kernels.length <= forward.length || !forward.every((w, i) => w === kernels[i])) return undefined;
  return [
    { ...group, kernels: group.kernels.slice(0, forward.length), to: undefined },
    { ...group, kernels: group.kernels.slice(forward.length) },
  ];
}

/** Splits what ran as one group on the first device: there nothing is sent between a backward and the next forward. */
function splitFirst(group: Group, shape: (g: Group) => readonly number[], forward: readonly number[]): [Group, Group] | undefined {
  const kernels = shape(group);
  const at = kernels.length - forward.length;
  if (forward.length === 0 || at <= 0 || !forward.every((w, i) => w === kernels[at + i])) return undefined;
  return [
    { ...group, kernels: group.kernels.slice(0, at), to: undefined },
    { ...group, kernels: group.kernels.slice(at) },
  ];
}

/** Operations of a stretch in which everything began and ended, or undefined where they do not make a chain of stages. */
function operationsOf(
  sources: readonly PipelineSource[],
  groups: readonly Group[],
  devices: readonly string[],
): FoundOperation[] | undefined {
  const last = devices.length - 1;
  const shape = (g: Group) => g.kernels.map(i => intAt(sources[g.source]?.ops.work, i));
  const example = groups.find(g => keyOf(g) === devices[0] && g.to === devices[1]);
  const forward = example === undefined ? [] : shape(example);
  const out: FoundOperation[] = [];
  const balance = devices.map(() => ({ F: 0, B: 0 }));
  for (const g of groups) {
    const rank = devices.indexOf(keyOf(g));
    if (rank < 0) continue;
    const to = g.to === undefined ? undefined : devices.indexOf(g.to);
    const split =
      rank === last && to === last - 1 ? splitLast(g, shape, forward) : rank === 0 && to === 1 ? splitFirst(g, shape, forward) : undefined;
    const parts = split ?? [g];
    for (const part of parts) {
      const target = part.to === undefined ? undefined : devices.indexOf(part.to);
      const kind =
        target === rank + 1 || (rank === last && target === undefined)
          ? 'F'
          : target === rank - 1 || (rank === 0 && target === undefined)
            ? 'B'
            : undefined;
      const source = sources[g.source];
      const count = balance[rank];
      if (kind === undefined || source === undefined || count === undefined) return undefined;
      count[kind]++;
      out.push({
        kind,
        microbatch: undefined,
        stage: rank,
        chunk: undefined,
        rank,
        source: g.source,
        device: g.device,
        work: spanOf(source, part),
        launched: g.launched + source.clock.offset,
        op: valueAt(part.kernels, 0),
        late: [],
        iteration: undefined,
        streams: new Set(part.kernels.map(i => intAt(source.ops.stream, i))),
        phase: undefined,
      });
    }
  }
  // As many forwards as backwards on every device, and the same number on all: else the stages do not lie one a device.
  const m = balance[0]?.F ?? 0;
  return m > 0 && balance.every(b => b.F === m && b.B === m) ? out : undefined;
}

/**
 * Finds the operations of a pipeline that no name tells of: groups of kernels between the copies, or NCCL's sends, that carry their
 * results on.
 * What is sent to the next device was a forward, what is sent to the one before a backward. Undefined where no copies between devices
 * make a chain; no operations, and the reason, where they do but not of one stage a device.
 */
export function inferOperations(
  sources: readonly PipelineSource[],
  transfers: readonly NcclSend[],
  carriers = 'copies',
): InferredOperations | undefined {
  const devices = chain(transfers);
  // One copy to another GPU and back is no pipeline.
  if (devices.length < 2 || !transfers.some(t => t.from === devices[1] && t.to === devices[0])) return undefined;
  const groups = sources.flatMap((source, s) => groupsOf(source, s, transfers).map(group => ({ group, work: spanOf(source, group) })));
  if (groups.length === 0) return undefined;
  const busy = spansOf([
    ...groups.map(({ work }) => [realAt(work.start, 0), realAt(work.end, work.n - 1)] as const),
    ...transfers.map(t => [t.start, t.end] as const),
  ]);
  const from = realAt(busy.start, 0);
  const rests = complement(busy, from, realAt(busy.end, busy.n - 1));
  const cuts: number[] = [];
  for (let i = 0; i < rests.n; i++) if (realAt(rests.end, i) - realAt(rests.start, i) >= REST_NS) cuts.push(realAt(rests.end, i));
  const stretches = new Map<number, Group[]>();
  for (const { group, work } of groups) {
    const at = cuts.filter(c => c <= realAt(work.start, 0)).length;
    getOrCompute(stretches, at, () => [] as Group[]).push(group);
  }
  const found = [...stretches].map(([at, list]) => ({ at, operations: operationsOf(sources, list, devices) }));
  const good = found.flatMap(({ at, operations }) => (operations ?? []).map(o => ({ ...o, iteration: { label: undefined, number: at } })));
  const bad = found.filter(f => f.operations === undefined).length;
  const passed = `the ${carriers} between GPUs pass from ${devices.length} device(s) to the next and back`;
  const notes =
    bad === 0
      ? []
      : [
          `${bad} of ${found.length} stretches between two rests do not fit one stage a device: without names, interleaved stages and other work cannot be told apart.`,
        ];
  if (good.length === 0)
    return { how: `${NOT_NAMED}; ${passed}, but not as between stages, one a device: what ran where is not known.`, operations: [], notes };
  return {
    how: `${NOT_NAMED}: operations are the groups of kernels between ${carriers}, told forward from backward by where their results went, and numbered in their order. That is likely, not sure: ${passed}.`,
    operations: good.sort((a, b) => realAt(a.work.start, 0) - realAt(b.work.start, 0)),
    notes,
  };
}
