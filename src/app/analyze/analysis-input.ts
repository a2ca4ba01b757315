import type { MachineReadings } from '#app/inputs/machine-beside';
import type { Bytes } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import type { ClockOptions } from '#diagnosis/clock/clock';
import type { Prices } from '#energy/prices';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { Stated } from '#multi-gpu/training/utilisation';
import type { Recording } from '#schema/recording';
import type { System } from '#schema/system';
import type { TraceSource } from '#trace/source';

/** All that an analysis rests on. */
export interface AnalysisInput {
  readonly store: TraceSource;
  /** Its hash is filled in by the caller, who takes it meanwhile. */
  readonly trace: { readonly path: string; readonly bytes: Bytes; readonly run?: string };
  readonly files: readonly SeriesFile[];
  readonly clock: ClockOptions;
  /** How the trace was made, where that is known. */
  readonly recording?: Recording | undefined;
  /** The machine that it was made on, where that is known. */
  readonly system?: System | undefined;
  /** What was counted of the machine meanwhile. */
  readonly machine: MachineReadings;
  /** Other reports of the same run, such as those of other ranks: their devices are looked at together with this one's. */
  readonly others?: readonly OtherReport[] | undefined;
  /** The user's templates for the names of a pipeline's operations. */
  readonly nvtx?: readonly string[] | undefined;
  /** What the run is charged, for the cost of its tokens. */
  readonly prices?: Prices | undefined;
  /** What the user says of a training's steps. */
  readonly stated?: Stated | undefined;
  readonly version: string;
  readonly detectors: readonly Detector[];
  /** Told what is being done, for a progress line. */
  readonly progress: (step: string) => void;
}

/** A report that belongs to the same run. */
export interface OtherReport {
  readonly name: string;
  readonly store: TraceSource;
}
