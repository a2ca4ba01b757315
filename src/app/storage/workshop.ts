import type { Target as LoadTarget } from '#record/load-test/generator/target';
import type { StopSignals } from '#record/processes/interruption';
import type { Target as FioTarget } from '#record/storage/contention/fio';
import type { Server } from '#record/storage/server/server';
import type { StorageStep } from '#schema/storage-plan';
import type { Markers } from './markers.ts';
import type { Experiment } from './read-config.ts';

/** All that the steps of a run work with. */
export interface Workshop {
  readonly experiment: Experiment;
  /** For the programs that are started: the caller's, with the session tag. */
  readonly env: NodeJS.ProcessEnv;
  readonly markers: Markers;
  readonly signals: StopSignals;
  readonly disks: ReadonlySet<string>;
  /** Whose reads are told; undefined: all of them together. */
  readonly device: string | undefined;
  readonly serverOf: (step: StorageStep) => Server;
  /** Ends all servers but this one: a step must not share the machine with another model. */
  readonly stopOthers: (step: StorageStep) => Promise<void>;
  /** What the server of a step is asked, as a probe found it; it must serve. */
  readonly targetOf: (step: StorageStep) => Promise<LoadTarget>;
  /** Where fio reads; undefined where no step wants it. */
  readonly contended: FioTarget | undefined;
  readonly progress: (line: string) => void;
}
