import type { Bytes, Ns } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import type { Aligned, GpuClock } from '#diagnosis/clock/aligned';
import type { ClockNote } from '#diagnosis/clock/notes';
import type { Diagnosis } from '#diagnosis/diagnose';
import type { Untraced } from '#diagnosis/diagnose-untraced';
import type { Lane } from '#diagnosis/lanes/lane';
import type { ProfilerHold } from '#diagnosis/requests/profiler-holds';
import type { Associations } from '#diagnosis/telemetry/associations';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { EnergyFacts } from '#energy/facts';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { Judgement } from '#machine/judge';
import type { Parallel } from '#multi-gpu/parallel';
import type { TrainingFacts } from '#multi-gpu/training/facts';
import type { Recording } from '#schema/recording';
import type { DeviceSummary, Report } from '#schema/report';
import type { Completeness } from '#trace/completeness/completeness';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { TraceSource } from '#trace/source';

/** All that an analysis found out: what a report is built from. Times count from the start of the session. */
export interface Facts {
  readonly version: string;
  /** undefined where no trace was taken. */
  readonly trace: { readonly path: string; readonly bytes: Bytes; readonly run?: string } | undefined;
  /** What stands in for it: what the times of tokens and telemetry showed, and what the run is called. */
  readonly untraced?: (Untraced & { readonly run: string }) | undefined;
  readonly files: readonly SeriesFile[];
  /** How the trace was made, where that is known. */
  readonly recording: Recording | undefined;
  /** Asked for evidence rows, and for what it lacks. */
  readonly source: TraceSource;
  readonly ops: GpuOps;
  /** Operations and CUDA calls of the trace: what a query has to look at. */
  readonly traceRows: number;
  /** Epoch ns at which the session began; undefined where the export does not say. */
  readonly session: bigint | undefined;
  readonly window: readonly [Ns, Ns];
  readonly detectors: readonly Detector[];
  readonly aligned: Aligned;
  /** What the data say of the clocks, beside what `aligned` says. */
  readonly clockNotes: readonly ClockNote[];
  /** Lanes that serve requests, the busiest first. */
  readonly lanes: readonly Lane[];
  /** The trace is a pipeline's, without requests: no lane serves any. */
  readonly isPipeline: boolean;
  /** The steps of a training loop; undefined where nothing is a training's. */
  readonly training: TrainingFacts | undefined;
  readonly samples: SampleTimeline;
  readonly diagnosis: Diagnosis;
  readonly parallel: Parallel;
  readonly devices: readonly DeviceSummary[];
  /** What the trace lacks. */
  readonly completeness: Completeness;
  /** What each of the other traces lacks, whose times count from their own begin. */
  readonly othersLack: readonly {
    readonly name: string;
    readonly completeness: Completeness;
    readonly from: Ns;
    readonly pidOf: (globalPid: number) => number;
  }[];
  /** When the profiler itself froze the server, as the load test saw it. */
  readonly holds: readonly ProfilerHold[];
  /** Whether the GPU samples lie where they belong in time. */
  readonly gpuClock: GpuClock;
  /** What the rules found in the machine, and the files of our samplers that they looked at. */
  readonly machine: {
    readonly judgements: readonly Judgement[];
    readonly inputs: Report['inputs'];
    /** Files with the names of ours that others wrote. */
    readonly notOurs: readonly string[];
    /** Formats of files that rules look at. */
    readonly judged: ReadonlySet<string>;
  };
  readonly energy: EnergyFacts | null;
  readonly associations: Associations | undefined;
}
