import type { Ns } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import { stagingCost } from '#multi-gpu/peer-copies/staging-cost';
import type { Links } from '#multi-gpu/peer-copies/topology';
import { comparePipelines } from './compare.ts';
import { deviceWork } from './devices.ts';
import type { PipelineFacts } from './facts.ts';
import { userGrammar } from './grammar/user-grammar.ts';
import { inferOperations } from './infer-operations.ts';
import { splitAndPlace } from './iterations.ts';
import { launchCauses } from './launch-causes.ts';
import { ncclSends } from './nccl-sends.ts';
import { namedWork } from './operations.ts';
import { type ScheduleContext, schedulesOf } from './schedule.ts';
import type { PipelineSource } from './source.ts';
import { readTransfers, type Transfer } from './transfers.ts';

export interface PipelineOptions {
  /** Templates of the user for the names of operations. */
  readonly nvtx?: readonly string[];
  /** Start of the trace's window on the clock that all reports share. */
  readonly origin?: Ns;
  /** What the links between the GPUs can do, where the case says. */
  readonly links?: Links | undefined;
  /** Tell what a launching thread did instead; without any, late launches stay unexplained. */
  readonly detectors?: readonly Detector[];
}

/**
 * Reconstructs the pipeline that ran, from one report or several. Undefined where there is none: a single GPU, or neither names
 * nor traffic between GPUs that look like one.
 */
export function analyzePipeline(sources: readonly PipelineSource[], options: PipelineOptions = {}): PipelineFacts | undefined {
  const user = userGrammar(options.nvtx ?? []);
  const transfers = readTransfers(sources);
  const list = deviceWork(sources);
  const named = namedWork(sources, user);
  const messages = ncclSends(sources);
  const work = named ?? inferOperations(sources, transfers) ?? inferOperations(sources, messages, 'sends of NCCL');
  if (work === undefined) return undefined;
  // Names without stages are used by data-parallel programs as well: only traffic from rank to rank makes a pipeline of them.
  if (work.operations.every(o => o.stage === undefined && o.chunk === undefined) && transfers.length === 0 && !sendsToPeers(sources))
    return undefined;
  const found = 'grammar' in work;
  const empty = { schedules: [], copies: [], nvlink_share: null, comparison: [] };
  if (work.operations.length === 0) {
    const reasons = found ? [] : [work.how, ...work.notes];
    return { ...empty, source: sourceOf(work), cannot_tell: reasons };
  }
  const { iterations, notes } = splitAndPlace(work.operations);
  const several = iterations.filter(i => i.p > 1);
  if (several.length === 0) {
    if (!found) return undefined;
    const why = 'All named operations ran on one GPU: without the reports of the other stages nothing can be said about the pipeline.';
    return { ...empty, source: sourceOf(work), cannot_tell: [why] };
  }
  const costOf = stagingCost(
    transfers.map(t => t.copy),
    options.links,
  );
  const context: ScheduleContext = {
    devices: new Map(list.map(d => [`${d.source}:${d.device}`, d])),
    transfers,
    messages,
    named: found ? work.handoffs : [],
    origin: options.origin ?? 0,
    links: options.links,
    delayModel: {
      stagingCost: (t: Transfer) => costOf(t.copy).ns,
      lateLaunch: launchCauses(sources, options.detectors ?? []),
    },
  };
  const schedules = schedulesOf(several, context);
  const cannotTell = [...notes, ...(found ? [] : work.notes)];
  if (found && work.empty > 0) cannotTell.push(`${work.empty} named operation(s) launched nothing on a GPU that was recorded.`);
  for (const s of schedules) if (s.name === 'unknown') cannotTell.push(`Which schedule ${s.label ?? 'this'} is: ${s.detected}`);
  if (schedules.some(s => s.handoffs.count === 0))
    cannotTell.push('How data passes between the devices: no copy and no kernel of a collective carried it.');
  const pipeline = { source: sourceOf(work), schedules, cannot_tell: cannotTell };
  return { ...empty, ...pipeline, comparison: comparePipelines(null, pipeline) };
}

/** Whether NCCL's kernel for sending to and receiving from single ranks ran. */
const sendsToPeers = (sources: readonly PipelineSource[]) =>
  sources.some(s => [...s.ops.names.values()].some(name => /^nccl.*SendRecv/.test(name)));

function sourceOf(work: NonNullable<ReturnType<typeof namedWork> | ReturnType<typeof inferOperations>>): string {
  return 'grammar' in work
    ? `NVTX names of ${work.grammar.title}, such as ${work.grammar.example[0]}, joined to the GPU by process and correlation id: sure.`
    : work.how;
}
