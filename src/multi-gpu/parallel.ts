import type { Ns } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import type { LateWait } from '#diagnosis/lanes/late-wait';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import { findCollectives } from '#multi-gpu/collectives/analyze-collectives';
import type { CollectiveFacts } from '#multi-gpu/collectives/facts';
import { recordedSettings } from '#multi-gpu/collectives/settings';
import { copyPairs } from '#multi-gpu/peer-copies/copy-pairs';
import { nvlinkUse } from '#multi-gpu/peer-copies/nvlink-use';
import type { Links } from '#multi-gpu/peer-copies/topology';
import { analyzePipeline } from '#multi-gpu/pipeline/analyze-pipeline';
import type { PipelineFacts } from '#multi-gpu/pipeline/facts';
import { understoodBy } from '#multi-gpu/pipeline/grammar/understood';
import { passesMessages, readSource } from '#multi-gpu/pipeline/source';
import { copiesAcross } from '#multi-gpu/pipeline/transfers';
import { readNcclCalls } from '#multi-gpu/ranks/nccl-calls';
import type { OpenedTrace, TraceClock } from '#trace/opened-trace';

/** One report of several devices or ranks, read. */
export interface ParallelSource extends OpenedTrace {
  /** How the reader knows it: a file's name. */
  readonly name: string;
  /** Telemetry of a GPU, by its label, on the report's own clock. */
  readonly samples?: ((device: string) => SampleTimeline) | undefined;
  /** Who waited for whom. */
  readonly waits?: WaitGraph | undefined;
}

export interface ParallelOptions {
  readonly detectors: readonly Detector[];
  /** Start of the window on the first source's clock. */
  readonly from: Ns;
  /** The user's templates for the names of operations. */
  readonly nvtx?: readonly string[] | undefined;
  readonly links?: Links | undefined;
  /** Requests were served meanwhile. */
  readonly isServer?: boolean | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** What several devices did together. */
export interface Parallel {
  readonly pipeline: PipelineFacts | null;
  readonly collectives: CollectiveFacts | null;
  /** Kernels of the first source that spun for a late rank, by their index in its operations. */
  readonly lateWaits: ReadonlyMap<number, LateWait>;
  /** The same of every source. */
  readonly lateWaitsOf: readonly ReadonlyMap<number, LateWait>[];
  /** What to add to each source's times to put them on the clock of the first, ns. */
  readonly offsets: readonly Ns[];
}

const MS: Ns = 1e6;
const ALONE: Parallel = { pipeline: null, collectives: null, lateWaits: new Map(), lateWaitsOf: [new Map()], offsets: [0] };

/** Looks at the devices of one report or of several as one machine: a pipeline's stages, and the ranks of collectives. */
export function parallelWork(sources: readonly ParallelSource[], options: ParallelOptions): Parallel {
  const several = sources.length > 1 || (sources[0]?.ops.devices.length ?? 0) > 1;
  if (!several && !sources.some(s => passesMessages(s.ops))) return ALONE;
  const calls = sources.map(s => readNcclCalls(s.source, s.ops, s.host));
  const together = findCollectives(
    sources.map((s, i) => ({
      name: s.name,
      ops: s.ops,
      host: s.host,
      clock: s.clock,
      samples: s.samples,
      waits: s.waits,
      callOf: calls[i],
      // What a trace kept of its own environment counts for more than the machine's now.
      environment: { ...options.environment, ...recordedSettings(s.source) },
    })),
    { detectors: options.detectors, from: options.from },
  );
  const collectives = together?.collectives ?? null;
  const lateWaitsOf = sources.map((_, i) => new Map((together?.lateWaits[i] ?? []).map(w => [w.op, w])));
  const clocks = sharedClock(sources, collectives);
  const understood = understoodBy(options.nvtx ?? []);
  const read = sources.map((s, i) => ({
    ...readSource({ ...s, clock: clocks[i] ?? s.clock }, s.name, understood),
    samples: s.samples,
    waits: s.waits,
    messageOf: (op: number) => calls[i]?.(op)?.bytes,
  }));
  const found = analyzePipeline(read, {
    nvtx: options.nvtx ?? [],
    isServer: options.isServer,
    origin: options.from,
    links: options.links,
    detectors: options.detectors,
  });
  const copies = copyPairs([...read.flatMap(r => r.copies), ...copiesAcross(read)], options.links);
  const pipeline = found === undefined ? null : { ...found, copies, nvlink_share: shareOf(sources) };
  return {
    pipeline,
    collectives,
    lateWaits: lateWaitsOf[0] ?? new Map(),
    lateWaitsOf,
    offsets: clocks.map(c => c.offset),
  };
}

/** All reports on the first one's clock; collectives refine it where there are any. */
function sharedClock(sources: readonly ParallelSource[], collectives: CollectiveFacts | null): TraceClock[] {
  const first = sources[0]?.clock.session;
  return sources.map(({ name, clock: { session } }, i) => {
    const skew = collectives?.skew.find(k => k.report === name);
    const apart = first === undefined || session === undefined ? undefined : Number(session - first);
    const offset = i === 0 || apart === undefined ? 0 : apart + (skew?.offset_ms ?? 0) * MS;
    return { session, offset, residual: (skew?.residual_ms ?? 0) * MS };
  });
}

/** Of the sources that recorded the counters. */
function shareOf(sources: readonly ParallelSource[]): number | null {
  const shares = sources.flatMap(s => nvlinkUse(s.source).share ?? []);
  return shares.length === 0 ? null : shares.reduce((a, b) => a + b, 0) / shares.length;
}
