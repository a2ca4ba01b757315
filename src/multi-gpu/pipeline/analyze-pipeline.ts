import type { Ns } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import { stagingCost } from '#multi-gpu/peer-copies/staging-cost';
import type { Links } from '#multi-gpu/peer-copies/topology';
import { comparePipelines } from './compare.ts';
import { deviceWork } from './devices.ts';
import type { PipelineFacts } from './facts.ts';
import { userGrammar } from './grammar/user-grammar.ts';
import { namedCopies } from './handoffs.ts';
import { launchCauses } from './launch-causes.ts';
import { ncclSends } from './nccl-sends.ts';
import { type ScheduleContext, schedulesOf } from './schedule.ts';
import type { PipelineSource } from './source.ts';
import { readTransfers, type Transfer } from './transfers.ts';
import { findWork } from './work.ts';

export interface PipelineOptions {
  /** Templates of the user for the names of operations. */
  readonly nvtx?: readonly string[];
  /** Start of the trace's window on the clock that all reports share. */
  readonly origin?: Ns;
  /** What the links between the GPUs can do, where the case says. */
  readonly links?: Links | undefined;
  /** Requests were served meanwhile. */
  readonly isServer?: boolean | undefined;
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
  const messages = ncclSends(sources);
  const work = findWork(sources, user, transfers, messages, options.isServer);
  if (work === undefined) return undefined;
  const empty = { schedules: [], copies: [], nvlink_share: null, comparison: [] };
  if (work.iterations.length === 0) return { ...empty, by: work.by, assumed: work.assumed };
  const costOf = stagingCost(
    transfers.map(t => t.copy),
    options.links,
  );
  const context: ScheduleContext = {
    devices: new Map(deviceWork(sources).map(d => [`${d.source}:${d.device}`, d])),
    transfers,
    messages,
    named: namedCopies(work.handoffs),
    origin: options.origin ?? 0,
    links: options.links,
    delayModel: {
      stagingCost: (t: Transfer) => costOf(t.copy).ns,
      lateLaunch: launchCauses(sources, options.detectors ?? []),
    },
  };
  const schedules = schedulesOf(work.iterations, context);
  return { ...empty, by: work.by, schedules, assumed: work.assumed, comparison: comparePipelines(null, { schedules }) };
}
