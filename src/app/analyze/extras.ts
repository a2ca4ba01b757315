import type { Prices } from '#energy/prices';
import type { Stated } from '#multi-gpu/training/utilisation';
import type { Recording } from '#schema/recording';
import type { Report } from '#schema/report';
import type { TraceStore } from '#trace/nsys/trace-store';

/** What only some analyses have. */
export interface Extras {
  /** How the trace was made; read from the case's own case.json where it is not given. */
  readonly recording?: Recording;
  /** Told of files of the folder that cannot be read and are left out; without it they are errors. */
  readonly spare?: (sentence: string) => void;
  /** Traces of other ranks of the same run. */
  readonly others?: readonly string[];
  /** Templates for the names of a pipeline's operations. */
  readonly nvtx?: readonly string[];
  /** What the run is charged. */
  readonly prices?: Prices;
  /** What the user says of a training's steps. */
  readonly stated?: Stated;
  /** Where programs that unpack and export are looked for; our own environment otherwise. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told of the report while its trace is still open, for what is made of both. */
  readonly withTrace?: (report: Report, trace: TraceStore) => void;
}
