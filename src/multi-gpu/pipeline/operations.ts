import { intAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { spansOf } from '#core/math/spans';
import { GRAMMARS } from './grammar/grammars.ts';
import type { Grammar } from './grammar/meaning.ts';
import { assign, type OpenRange, readRanges } from './named-ranges.ts';
import type { FoundOperation, LateLaunch } from './operation.ts';
import type { PipelineSource } from './source.ts';

/** The copies, or kernels of NCCL, that a hand-off's range launched. */
export interface NamedHandoff {
  /** Index of its report. */
  readonly source: number;
  readonly microbatch: number | undefined;
  readonly fromStage: number | undefined;
  readonly toStage: number | undefined;
  /** Correlation ids of its copies, with their process. */
  readonly copies: ReadonlySet<string>;
}

/** What the names of ranges tell of a pipeline. */
export interface NamedWork {
  readonly grammar: Grammar;
  readonly operations: readonly FoundOperation[];
  readonly handoffs: readonly NamedHandoff[];
  /** Operation ranges that launched nothing on a GPU. */
  readonly empty: number;
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

/** The stretches between kernels of an operation in which the next one had not been launched yet. */
export function lateLaunches(source: PipelineSource, kernels: readonly number[]): LateLaunch[] {
  const { ops, host } = source;
  const { offset } = source.clock;
  const out: LateLaunch[] = [];
  let end = Number.NaN;
  for (const i of kernels) {
    const start = realAt(ops.start, i);
    if (start > end) {
      const call = host.api.find(valueAt(ops.processes, intAt(ops.process, i)), intAt(ops.correlation, i));
      const until = call < 0 ? end : Math.min(realAt(host.api.start, call), start);
      if (until > end) out.push({ from: end + offset, to: until + offset, op: i });
    }
    end = Number.isNaN(end) ? realAt(ops.end, i) : Math.max(end, realAt(ops.end, i));
  }
  return out;
}

function operationsOf(source: PipelineSource, s: number, range: OpenRange): FoundOperation[] {
  const { ops, host } = source;
  const { offset } = source.clock;
  const { api } = host;
  const { meaning } = range;
  if (meaning.what !== 'operation') return [];
  const byDevice = new Map<number, number[]>();
  for (const i of range.kernels) getOrCompute(byDevice, intAt(ops.device, i), () => [] as number[]).push(i);
  return [...byDevice].map(([device, kernels]) => {
    let launched = Number.NaN;
    let first = valueAt(kernels, 0);
    for (const i of kernels) {
      const call = api.find(valueAt(ops.processes, intAt(ops.process, i)), intAt(ops.correlation, i));
      if (call < 0 || realAt(api.start, call) >= launched) continue;
      launched = realAt(api.start, call);
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
      work: spansOf(kernels.map(i => [realAt(ops.start, i) + offset, realAt(ops.end, i) + offset] as const)),
      launched: launched + offset,
      op: first,
      late: lateLaunches(source, kernels),
      iteration: range.iteration,
      streams: new Set(kernels.map(i => intAt(ops.stream, i))),
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
        const { microbatch, fromStage, toStage } = range.meaning;
        if (copies.size > 0) handoffs.push({ source: s, microbatch, fromStage, toStage, copies });
        continue;
      }
      const found = operationsOf(source, s, range);
      if (found.length === 0) empty++;
      operations.push(...found);
    }
  }
  if (operations.length === 0) return undefined;
  operations.sort((a, b) => realAt(a.work.start, 0) - realAt(b.work.start, 0));
  return { grammar, operations, handoffs, empty };
}
