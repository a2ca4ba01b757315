import type { Grammar } from './grammar/meaning.ts';
import { inferOperations } from './infer-operations.ts';
import { splitAndPlace } from './iterations.ts';
import type { NcclSend } from './nccl-sends.ts';
import type { FoundOperation, Iteration } from './operation.ts';
import { type NamedHandoff, type NamedWork, namedWork } from './operations.ts';
import { recognise } from './recognise.ts';
import type { PipelineSource } from './source.ts';
import { unnamedWork } from './unnamed/unnamed-work.ts';

/** The iterations of a pipeline, by whatever they were found. */
export interface PipelineWork {
  /** How they were found and how sure that is, in a sentence. */
  readonly how: string;
  /** None where there is something like a pipeline of which nothing can be told; the notes say why. */
  readonly iterations: readonly Iteration[];
  readonly handoffs: readonly NamedHandoff[];
  readonly notes: readonly string[];
}

const sendsToPeers = (sources: readonly PipelineSource[]) =>
  sources.some(s => [...s.ops.names.values()].some(name => /^nccl.*SendRecv/.test(name)));

const placesUnknown = (operations: readonly FoundOperation[]) => operations.every(o => o.stage === undefined && o.chunk === undefined);

const isSure = (iterations: readonly Iteration[]) => iterations.length > 0 && iterations.every(i => recognise(i).name !== 'unknown');

/** What names tell. */
function fromNames({ grammar, operations, handoffs, empty }: NamedWork): PipelineWork {
  const { iterations, notes } = splitAndPlace(operations);
  const several = iterations.filter(i => i.p > 1);
  const how = `NVTX names of ${grammar.title}, such as ${grammar.example[0]}, joined to the GPU by process and correlation id: sure.`;
  if (several.length === 0) {
    const why = 'All named operations ran on one GPU: without the reports of the other stages nothing can be said about the pipeline.';
    return { how, iterations: [], handoffs, notes: [why] };
  }
  const without = empty > 0 ? [`${empty} named operation(s) launched nothing on a GPU that was recorded.`] : [];
  return { how, iterations: several, handoffs, notes: [...notes, ...without] };
}

/** What copies, or messages with a direction, tell where each device holds one stage. */
function fromMessages(
  sources: readonly PipelineSource[],
  transfers: readonly NcclSend[],
  messages: readonly NcclSend[],
): PipelineWork | undefined {
  const found = inferOperations(sources, transfers) ?? inferOperations(sources, messages, 'sends of NCCL');
  if (found === undefined) return undefined;
  const { how } = found;
  if (found.operations.length === 0) return { how, iterations: [], handoffs: [], notes: [how, ...found.notes] };
  const { iterations, notes } = splitAndPlace(found.operations);
  const several = iterations.filter(i => i.p > 1);
  return several.length === 0 ? undefined : { how, iterations: several, handoffs: [], notes: [...notes, ...found.notes] };
}

/**
 * Finds the iterations of a pipeline: by the names of its operations where these tell their places; else by the messages between devices of one stage each; else by
 * what ran between messages, whatever the schedule. The first that tells which schedule ran counts.
 * @param isServer requests were served meanwhile: what passes messages on without names is then no training
 */
export function findWork(
  sources: readonly PipelineSource[],
  user: Grammar | undefined,
  transfers: readonly NcclSend[],
  messages: readonly NcclSend[],
  isServer = false,
): PipelineWork | undefined {
  const named = namedWork(sources, user);
  const isPipeline = named !== undefined && (!placesUnknown(named.operations) || transfers.length > 0 || sendsToPeers(sources));
  const byName = named !== undefined && isPipeline ? fromNames(named) : undefined;
  if (named !== undefined && byName !== undefined && !placesUnknown(named.operations) && isSure(byName.iterations)) return byName;
  const byMessages = named === undefined ? fromMessages(sources, transfers, messages) : undefined;
  if (byMessages !== undefined && byMessages.notes.length === 0 && isSure(byMessages.iterations)) return byMessages;
  const unnamed = isServer ? undefined : unnamedWork(sources);
  const { how, iterations, notes } = unnamed ?? { how: '', iterations: [], notes: [] };
  const byKernels = unnamed === undefined ? undefined : { how, iterations, handoffs: [], notes };
  if (unnamed?.recognised === true) return byKernels;
  if (byName !== undefined && (byName.iterations.length > 0 || byKernels === undefined)) return byName;
  if (byMessages !== undefined && (byMessages.iterations.length > 0 || byKernels === undefined)) return byMessages;
  return byKernels;
}
