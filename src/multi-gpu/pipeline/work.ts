import { itemAt } from '#core/columns';
import type { Assumption, FoundBy } from './assumptions.ts';
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
  readonly by: FoundBy;
  /** None where there is something like a pipeline of which nothing can be told; what was assumed says why. */
  readonly iterations: readonly Iteration[];
  readonly handoffs: readonly NamedHandoff[];
  readonly assumed: readonly Assumption[];
}

const sendsToPeers = (sources: readonly PipelineSource[]) =>
  sources.some(s => [...s.ops.names.values()].some(name => /^nccl.*SendRecv/.test(name)));

const placesUnknown = (operations: readonly FoundOperation[]) => operations.every(o => o.stage === undefined && o.chunk === undefined);

const isSure = (iterations: readonly Iteration[]) => iterations.length > 0 && iterations.every(i => recognise(i).name !== 'unknown');

/** What names tell. */
function fromNames({ grammar, operations, handoffs, empty }: NamedWork): PipelineWork {
  const { iterations, assumed } = splitAndPlace(operations);
  const several = iterations.filter(i => i.p > 1);
  const by: FoundBy = { by: 'names', program: grammar.title, example: itemAt(grammar.example, 0) };
  if (several.length === 0) return { by, iterations: [], handoffs, assumed: [{ what: 'one-gpu' }] };
  const without: Assumption[] = empty > 0 ? [{ what: 'empty-ranges', count: empty }] : [];
  return { by, iterations: several, handoffs, assumed: [...assumed, ...without] };
}

/** What copies, or messages with a direction, tell where each device holds one stage. */
function fromMessages(
  sources: readonly PipelineSource[],
  transfers: readonly NcclSend[],
  messages: readonly NcclSend[],
): PipelineWork | undefined {
  const found = inferOperations(sources, transfers) ?? inferOperations(sources, messages, 'nccl-sends');
  if (found === undefined) return undefined;
  const { by } = found;
  if (found.operations.length === 0)
    return { by, iterations: [], handoffs: [], assumed: [{ what: 'nothing-fits', found: by }, ...found.assumed] };
  const { iterations, assumed } = splitAndPlace(found.operations);
  const several = iterations.filter(i => i.p > 1);
  return several.length === 0 ? undefined : { by, iterations: several, handoffs: [], assumed: [...assumed, ...found.assumed] };
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
  if (byMessages !== undefined && byMessages.assumed.length === 0 && isSure(byMessages.iterations)) return byMessages;
  const unnamed = isServer ? undefined : unnamedWork(sources);
  const byKernels =
    unnamed === undefined ? undefined : { by: unnamed.by, iterations: unnamed.iterations, handoffs: [], assumed: unnamed.assumed };
  if (unnamed?.recognised === true) return byKernels;
  if (byName !== undefined && (byName.iterations.length > 0 || byKernels === undefined)) return byName;
  if (byMessages !== undefined && (byMessages.iterations.length > 0 || byKernels === undefined)) return byMessages;
  return byKernels;
}
