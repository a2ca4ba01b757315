import { intAt, itemAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Ns } from '#core/units';
import { OP } from '#trace/events/gpu-ops';
import { GRAMMARS } from './grammar/grammars.ts';
import type { Grammar, Meaning, PhaseName } from './grammar/meaning.ts';
import { phasesByName } from './named-phases.ts';
import type { FoundOperation } from './operation.ts';
import type { PipelineSource } from './source.ts';

/** A range that means something, and the GPU work that was launched in it, by its place in the ops of its report. */
export interface OpenRange {
  readonly start: Ns;
  readonly end: Ns;
  readonly meaning: Meaning;
  readonly iteration: FoundOperation['iteration'];
  readonly phase: PhaseName | undefined;
  readonly kernels: number[];
  /** Copies, and kernels of NCCL. */
  readonly copies: number[];
}

/** The ranges of each thread that mean something, outermost first: a range inside an operation is part of it. */
export function readRanges(source: PipelineSource, grammar: Grammar): Map<string, OpenRange[]> {
  const meanings = new Map<string, Meaning | null>();
  const byThread = new Map<string, OpenRange[]>();
  const phaseAt = phasesByName(source);
  const iterations = new Map<string, { end: Ns; iteration: FoundOperation['iteration'] }>();
  for (const range of source.ranges) {
    const meaning = getOrCompute(
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
    const list = getOrCompute(byThread, thread, () => [] as OpenRange[]);
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

function rangeAt(list: readonly OpenRange[], t: Ns): OpenRange | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (itemAt(list, mid).start <= t) low = mid + 1;
    else high = mid;
  }
  const range = list[low - 1];
  return range !== undefined && t <= range.end ? range : undefined;
}

/** Hands every GPU operation to the range that launched it. */
export function assign(source: PipelineSource, byThread: ReadonlyMap<string, readonly OpenRange[]>): void {
  const { ops } = source;
  const { api } = source.host;
  const threads = source.host.threads.map(({ pid, tid }) => ({ pid, key: `${pid}:${tid}` }));
  const named = new Map<number, string[]>();
  for (const key of byThread.keys()) getOrCompute(named, Number(key.split(':')[0]), () => [] as string[]).push(key);
  for (let i = 0; i < ops.n; i++) {
    const kind = ops.kind[i];
    if (kind === OP.memset) continue;
    const call = api.find(valueAt(ops.processes, intAt(ops.process, i)), intAt(ops.correlation, i));
    if (call < 0) continue;
    const thread = threads[intAt(api.thread, call)];
    if (thread === undefined) continue;
    const t = realAt(api.start, call);
    const own = byThread.get(thread.key);
    let range = own && rangeAt(own, t);
    if (own === undefined) {
      // Autograd launches the backward pass from a thread of its own while the one that called it waits inside the range.
      const open = (named.get(thread.pid) ?? []).flatMap(key => rangeAt(byThread.get(key) ?? [], t) ?? []);
      if (open.length === 1) range = open[0];
    }
    if (range === undefined) continue;
    if (kind === OP.kernel || kind === OP.graph) range.kernels.push(i);
    else range.copies.push(i);
  }
}
