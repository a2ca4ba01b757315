import { valueAt } from '#core/columns';
import type { Detector } from '#diagnosis/causes/define';
import type { Lateness, LateWait } from '#diagnosis/lanes/late-wait';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import { findCollectives } from '#multi-gpu/collectives/analyze-collectives';
import type { CollectiveFacts } from '#multi-gpu/collectives/facts';
import { recordedSettings } from '#multi-gpu/collectives/settings';
import { copyPairs } from '#multi-gpu/peer-copies/copy-pairs';
import { nvlinkUse } from '#multi-gpu/peer-copies/nvlink-use';
import type { Links } from '#multi-gpu/peer-copies/topology';
import { analyzePipeline } from '#multi-gpu/pipeline/analyze-pipeline';
import type { PipelineFacts } from '#multi-gpu/pipeline/facts';
import { understoodBy } from '#multi-gpu/pipeline/grammar/understood';
import { readSource } from '#multi-gpu/pipeline/source';
import { copiesAcross } from '#multi-gpu/pipeline/transfers';
import { readNcclCalls } from '#multi-gpu/ranks/nccl-calls';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import type { TraceStore } from '#trace/nsys/trace-store';

/** One report of several devices or ranks, read. */
export interface ParallelSource {
  readonly name: string;
  readonly store: TraceStore;
  readonly ops: GpuOps;
  readonly host: HostCalls;
  /** Epoch ns at which its session began; undefined where the export does not say. */
  readonly session: bigint | undefined;
  readonly samples?: ((device: string) => SampleTimeline) | undefined;
}

export interface ParallelOptions {
  readonly detectors: readonly Detector[];
  /** Start of the window on the first source's clock, ns. */
  readonly from: number;
  /** The user's templates for the names of operations. */
  readonly nvtx?: readonly string[] | undefined;
  readonly links?: Links | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** What several devices did together. */
export interface Parallel {
  readonly pipeline: PipelineFacts | null;
  readonly collectives: CollectiveFacts | null;
  /** Kernels of the first source that spun for a late rank, by their index in its operations. */
  readonly lateWaits: ReadonlyMap<number, LateWait>;
  /** When ranks of the first report kept others waiting. */
  readonly lateness: readonly Lateness[];
}

/** Looks at the devices of one report or of several as one machine: a pipeline's stages, and the ranks of collectives. */
export function parallelWork(sources: readonly ParallelSource[], options: ParallelOptions): Parallel {
  const several = sources.length > 1 || (sources[0]?.ops.devices.length ?? 0) > 1;
  if (!several) return { pipeline: null, collectives: null, lateWaits: new Map(), lateness: [] };
  const calls = sources.map(s => readNcclCalls(s.store, s.ops, s.host));
  const together = findCollectives(
    sources.map((s, i) => ({
      name: s.name,
      ops: s.ops,
      host: s.host,
      session: s.session,
      samples: s.samples,
      callOf: calls[i],
      // What a trace kept of its own environment counts for more than the machine's now.
      environment: { ...options.environment, ...recordedSettings(s.store) },
    })),
    { detectors: options.detectors, from: options.from },
  );
  const collectives = together?.collectives ?? null;
  const lateWaits = new Map((together?.lateWaits[0] ?? []).map(w => [w.op, w]));
  // All reports on the first one's clock; collectives refine it where there are any.
  const first = sources[0]?.session;
  const offsets = sources.map((s, i) => {
    const skew = collectives?.skew.find(k => k.report === s.name)?.offset_ms ?? 0;
    return i === 0 || first === undefined || s.session === undefined ? 0 : Number(s.session - first) + skew * 1e6;
  });
  const understood = understoodBy(options.nvtx ?? []);
  const residuals = sources.map(s => (collectives?.skew.find(k => k.report === s.name)?.residual_ms ?? 0) * 1e6);
  const read = sources.map((s, i) => ({
    ...readSource(s.store, s.ops, s.host, s.name, valueAt(offsets, i), understood, valueAt(residuals, i)),
    messageOf: (op: number) => calls[i]?.(op)?.bytes,
  }));
  const found = analyzePipeline(read, {
    nvtx: options.nvtx ?? [],
    origin: options.from,
    links: options.links,
    detectors: options.detectors,
  });
  const copies = copyPairs([...read.flatMap(r => r.copies), ...copiesAcross(read)], options.links);
  const pipeline = found === undefined ? null : { ...found, copies, nvlink_share: shareOf(sources) };
  return {
    pipeline,
    collectives,
    lateWaits,
    lateness: together?.lateness ?? [],
  };
}

/** Of the sources that recorded the counters. */
function shareOf(sources: readonly ParallelSource[]): number | null {
  const shares = sources.flatMap(s => nvlinkUse(s.store).share ?? []);
  return shares.length === 0 ? null : shares.reduce((a, b) => a + b, 0) / shares.length;
}
