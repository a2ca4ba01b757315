import type { Ns } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import type { Lateness, LateWait } from '#diagnosis/lanes/late-wait';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import { findCollectives } from '#multi-gpu/collectives/analyze-collectives';
import { collectiveCauses } from '#multi-gpu/collectives/collective-causes';
import { recordedSettings } from '#multi-gpu/collectives/settings';
import { copyPairs } from '#multi-gpu/peer-copies/copy-pairs';
import { nvlinkUse } from '#multi-gpu/peer-copies/nvlink-use';
import type { Links } from '#multi-gpu/peer-copies/topology';
import { analyzePipeline } from '#multi-gpu/pipeline/analyze-pipeline';
import { pipelineCauses } from '#multi-gpu/pipeline/causes';
import { understoodBy } from '#multi-gpu/pipeline/grammar/understood';
import { readSource } from '#multi-gpu/pipeline/source';
import { copiesAcross } from '#multi-gpu/pipeline/transfers';
import { readNcclCalls } from '#multi-gpu/ranks/nccl-calls';
import { CAUSE_TEXT } from '#schema/causes';
import type { Collectives } from '#schema/collectives';
import type { Pipeline } from '#schema/pipeline';
import type { Finding, RankedCause } from '#schema/report';
import type { OpenedTrace, TraceClock } from '#trace/opened-trace';

/** One report of several devices or ranks, read. */
export interface ParallelSource extends OpenedTrace {
  /** How the reader knows it: a file's name. */
  readonly name: string;
  /** Telemetry of a GPU, by its label, on the report's own clock. */
  readonly samples?: ((device: string) => SampleTimeline) | undefined;
}

export interface ParallelOptions {
  readonly detectors: readonly Detector[];
  /** Start of the window on the first source's clock. */
  readonly from: Ns;
  /** The user's templates for the names of operations. */
  readonly nvtx?: readonly string[] | undefined;
  readonly links?: Links | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** What several devices did together. */
export interface Parallel {
  readonly pipeline: Pipeline | null;
  readonly collectives: Collectives | null;
  readonly causes: readonly RankedCause[];
  readonly findings: readonly Finding[];
  /** Kernels of the first source that spun for a late rank, by their index in its operations. */
  readonly lateWaits: ReadonlyMap<number, LateWait>;
  /** When ranks of the first report kept others waiting. */
  readonly lateness: readonly Lateness[];
}

const MS: Ns = 1e6;

/** Looks at the devices of one report or of several as one machine: a pipeline's stages, and the ranks of collectives. */
export function parallelWork(sources: readonly ParallelSource[], options: ParallelOptions): Parallel {
  const several = sources.length > 1 || (sources[0]?.ops.devices.length ?? 0) > 1;
  if (!several) return { pipeline: null, collectives: null, causes: [], findings: [], lateWaits: new Map(), lateness: [] };
  const calls = sources.map(s => readNcclCalls(s.source, s.ops, s.host));
  const together = findCollectives(
    sources.map((s, i) => ({
      name: s.name,
      ops: s.ops,
      host: s.host,
      clock: s.clock,
      samples: s.samples,
      callOf: calls[i],
      // What a trace kept of its own environment counts for more than the machine's now.
      environment: { ...options.environment, ...recordedSettings(s.source) },
    })),
    { detectors: options.detectors, from: options.from },
  );
  const collectives = together?.collectives ?? null;
  const lateWaits = new Map((together?.lateWaits[0] ?? []).map(w => [w.op, w]));
  const clocks = sharedClock(sources, collectives);
  const understood = understoodBy(options.nvtx ?? []);
  const read = sources.map((s, i) => ({
    ...readSource({ ...s, clock: clocks[i] ?? s.clock }, s.name, understood),
    samples: s.samples,
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
    causes: causesOf(pipeline, collectives),
    findings: findingsOf(collectives),
    lateWaits,
    lateness: together?.lateness ?? [],
  };
}

/** All reports on the first one's clock; collectives refine it where there are any. */
function sharedClock(sources: readonly ParallelSource[], collectives: Collectives | null): TraceClock[] {
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

function causesOf(pipeline: Pipeline | null, collectives: Collectives | null): RankedCause[] {
  const stalls =
    pipeline === null ? [] : pipelineCauses(pipeline).flatMap(c => (c.cause === 'unexplained' ? [] : [{ ...c, cause: c.cause }]));
  const total = collectives === null ? 0 : collectives.wait_ms;
  const waits =
    collectives === null ? [] : collectiveCauses(collectives).map(c => ({ ...c, share: total > 0 ? Math.min(1, c.ms / total) : 0 }));
  return [...stalls, ...waits]
    .sort((a, b) => b.ms - a.ms)
    .map((c, k) => ({
      cause: c.cause,
      rank: k + 1,
      scope: 'chronic' as const,
      excess_ms: c.ms,
      share: c.share,
      p99_without_ms: null,
      confidence: 'medium' as const,
      why_confidence: 'It follows from when each device worked and what it waited for; no request was judged by it.',
      subject: c.subject,
      incidents: [],
      evidence: [],
      advice: CAUSE_TEXT[c.cause].advice,
    }));
}

const findingsOf = (collectives: Collectives | null): Finding[] =>
  (collectives?.environment ?? []).map((detail, i) => ({
    id: `communication-setting-${i + 1}`,
    severity: 'low' as const,
    title: 'A setting that slows communication down',
    detail,
    advice: 'Take the setting out unless the host needs it, and measure again.',
    evidence: [],
  }));
