import { type Spans, spansOf } from '#intervals/spans';
import { remembered } from '#model/remembered';
import { OP } from '#timeline/gpu-ops';
import { GRAMMARS } from './grammar/grammars.ts';
import type { Grammar, Meaning, OperationKind } from './grammar/meaning.ts';
import { phasesByName } from './named-phases.ts';
import type { PhaseName } from './phases.ts';
import { type PipelineSource, pidOf } from './source.ts';

/** A stretch in which a device had nothing to run because a launch had not begun. Times in ns on the clock that all reports share. */
export interface LateLaunch {
  readonly from: number;
  readonly to: number;
  /** What was launched at last, as GpuOps of its report counts. */
  readonly op: number;
}

/** Work of one range on one GPU, before its place in the pipeline is known. Times in ns on the clock that all reports share. */
export interface FoundOperation {
  readonly kind: OperationKind;
  readonly microbatch: number | undefined;
  readonly stage: number | undefined;
  readonly chunk: number | undefined;
  readonly rank: number | undefined;
  /** Index of its report, and of the GPU in it. */
  readonly source: number;
  readonly device: number;
  /** When its kernels ran: a union, so that nothing else that ran in between is counted. */
  readonly work: Spans;
  /** When the launch of its first kernel began, NaN where unknown. */
  readonly launched: number;
  /** Its first kernel, as GpuOps of its report counts. */
  readonly op: number;
  /** When, inside the operation, its next kernel had not been launched yet. */
  readonly late: readonly LateLaunch[];
  /** The range that encloses it, as `label iteration`, where one does. */
  readonly iteration: { readonly label: string | undefined; readonly number: number } | undefined;
  /** Streams that its kernels ran on. */
  readonly streams: ReadonlySet<number>;
  /** What the program calls the phase that it belongs to, where it says. */
  readonly phase: PhaseName | undefined;
}

/** The copies that a hand-off's range launched. */
export interface NamedHandoff {
  readonly source: number;
  readonly microbatch: number | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Correlation ids of its copies, with their process. */
  readonly copies: ReadonlySet<string>;
}

export interface NamedWork {
  readonly grammar: Grammar;
  readonly operations: readonly FoundOperation[];
  readonly handoffs: readonly NamedHandoff[];
  /** Operation ranges that launched nothing on a GPU. */
  readonly empty: number;
}

interface OpenRange {
  readonly start: number;
  readonly end: number;
  readonly meaning: Meaning;
  readonly iteration: FoundOperation['iteration'];
  readonly phase: PhaseName | undefined;
  readonly kernels: number[];
  readonly copies: number[];
}

/** The grammar that reads most operations of all reports. */
function chooseGrammar(sources: readonly PipelineSource[], user: Grammar | undefined): Grammar | undefined {
  const counts = new Map<string, number>();
  for (const source of sources) for (const range of source.ranges) counts.set(range.name, (counts.get(range.name) ?? 0) + 1);
  let best: Grammar | undefined;
  let most = 0;
  for (const grammar of user ? [user] : GRAMMARS) {
    let n = 0;
    for (const [name, count] of counts) if (grammar.read(name)?.what === 'operation') n += count;
    if (n > most) {
      most = n;
      best = grammar;
    }
  }
  return best;
}

/** The ranges of each thread that mean something, outermost first: a range inside an operation is part of it. */
function readRanges(source: PipelineSource, grammar: Grammar): Map<string, OpenRange[]> {
  const meanings = new Map<string, Meaning | null>();
  const byThread = new Map<string, OpenRange[]>();
  const phaseAt = phasesByName(source);
  const iterations = new Map<string, { end: number; iteration: FoundOperation['iteration'] }>();
  for (const range of source.ranges) {
    const meaning = remembered(
      meanings,
      range.name,
      // A user's template names operations; the iterations around them may still be called as everybody's are.
      () => grammar.read(range.name) ?? GRAMMARS.map(g => g.read(range.name)).find(m => m?.what === 'iteration') ?? null,
    );
    if (meaning === null || meaning.what === 'phase') continue;
    const thread = `${range.pid}:${range.tid}`;
    if (meaning.what === 'iteration') {
      iterations.set(thread, { end: range.end, iteration: { label: meaning.label, number: meaning.iteration } });
      continue;
    }
    const list = remembered(byThread, thread, () => [] as OpenRange[]);
    const outer = list.at(-1);
    if (outer !== undefined && outer.end >= range.end) continue;
    const around = iterations.get(thread);
    list.push({
      start: range.start,
      end: range.end,
      meaning,
      iteration: around !== undefined && around.end >= range.end ? around.iteration : undefined,
      phase: meaning.what === 'operation' ? phaseAt(thread, meaning.rank, range.start) : undefined,
      kernels: [],
      copies: [],
    });
  }
  return byThread;
}

function rangeAt(list: readonly OpenRange[], t: number): OpenRange | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((list[mid]?.start ?? 0) <= t) low = mid + 1;
    else high = mid;
  }
  const range = list[low - 1];
  return range !== undefined && t <= range.end ? range : undefined;
}

/** Hands every GPU operation to the range that launched it. */
function assign(source: PipelineSource, byThread: ReadonlyMap<string, readonly OpenRange[]>): void {
  const { ops } = source;
  const { api } = source.host;
  const threads = source.host.threads.map(t => {
    const [pid = '0', tid = '0'] = t.split(':');
    return { pid: pidOf(Number(pid)), key: `${pidOf(Number(pid))}:${tid}` };
  });
  const named = new Map<number, string[]>();
  for (const key of byThread.keys()) remembered(named, Number(key.split(':')[0]), () => [] as string[]).push(key);
  for (let i = 0; i < ops.n; i++) {
    const kind = ops.kind[i];
    if (kind === OP.memset) continue;
    const call = api.find(ops.processes[ops.process[i] ?? 0] ?? 0, ops.correlation[i] ?? 0);
    if (call < 0) continue;
    const thread = threads[api.thread[call] ?? 0];
    if (thread === undefined) continue;
    const t = api.start[call] ?? 0;
    const own = byThread.get(thread.key);
    let range = own && rangeAt(own, t);
    if (own === undefined) {
      // Autograd launches the backward pass from a thread of its own while the one that called it waits inside the range.
      const open = (named.get(thread.pid) ?? []).flatMap(key => rangeAt(byThread.get(key) ?? [], t) ?? []);
      if (open.length === 1) range = open[0];
    }
    if (range === undefined) continue;
    if (kind === OP.kernel || kind === OP.graph) range.kernels.push(i);
    else if (kind === OP.copy) range.copies.push(i);
  }
}

/** The stretches between kernels of an operation in which the next one had not been launched yet. */
function lateLaunches(source: PipelineSource, kernels: readonly number[]): LateLaunch[] {
  const { ops, offset, host } = source;
  const out: LateLaunch[] = [];
  let end = Number.NaN;
  for (const i of kernels) {
    const start = ops.start[i] ?? 0;
    if (start > end) {
      const call = host.api.find(ops.processes[ops.process[i] ?? 0] ?? 0, ops.correlation[i] ?? 0);
      const until = call < 0 ? end : Math.min(host.api.start[call] ?? 0, start);
      if (until > end) out.push({ from: end + offset, to: until + offset, op: i });
    }
    end = Number.isNaN(end) ? (ops.end[i] ?? 0) : Math.max(end, ops.end[i] ?? 0);
  }
  return out;
}

function operationsOf(source: PipelineSource, s: number, range: OpenRange): FoundOperation[] {
  const { ops, offset, host } = source;
  const { api } = host;
  const { meaning } = range;
  if (meaning.what !== 'operation') return [];
  const byDevice = new Map<number, number[]>();
  for (const i of range.kernels) remembered(byDevice, ops.device[i] ?? 0, () => [] as number[]).push(i);
  return [...byDevice].map(([device, kernels]) => {
    let launched = Number.NaN;
    let first = kernels[0] ?? 0;
    for (const i of kernels) {
      const call = api.find(ops.processes[ops.process[i] ?? 0] ?? 0, ops.correlation[i] ?? 0);
      if (call < 0 || (api.start[call] ?? 0) >= launched) continue;
      launched = api.start[call] ?? 0;
      first = i;
    }
    return {
      kind: meaning.kind,
      microbatch: meaning.microbatch,
      stage: meaning.stage,
      chunk: meaning.chunk,
      rank: meaning.rank,
      source: s,
      device,
      work: spansOf(kernels.map(i => [(ops.start[i] ?? 0) + offset, (ops.end[i] ?? 0) + offset] as const)),
      launched: launched + offset,
      op: first,
      late: lateLaunches(source, kernels),
      iteration: range.iteration,
      streams: new Set(kernels.map(i => ops.stream[i] ?? 0)),
      phase: range.phase,
    };
  });
}

/**
 * Finds the operations that NVTX ranges name. A range covers the launch of work, so the work is what was launched inside the range
 * on its thread, joined by process and correlation id.
 */
export function namedWork(sources: readonly PipelineSource[], user: Grammar | undefined): NamedWork | undefined {
  const grammar = chooseGrammar(sources, user);
  if (grammar === undefined) return undefined;
  const operations: FoundOperation[] = [];
  const handoffs: NamedHandoff[] = [];
  let empty = 0;
  for (const [s, source] of sources.entries()) {
    const byThread = readRanges(source, grammar);
    assign(source, byThread);
    for (const range of [...byThread.values()].flat()) {
      if (range.meaning.what === 'handoff') {
        const copies = new Set(range.copies.map(i => `${source.ops.process[i]}:${source.ops.correlation[i]}`));
        const { microbatch, from, to } = range.meaning;
        if (copies.size > 0) handoffs.push({ source: s, microbatch, from, to, copies });
        continue;
      }
      const found = operationsOf(source, s, range);
      if (found.length === 0) empty++;
      operations.push(...found);
    }
  }
  if (operations.length === 0) return undefined;
  operations.sort((a, b) => (a.work.start[0] ?? 0) - (b.work.start[0] ?? 0));
  return { grammar, operations, handoffs, empty };
}
