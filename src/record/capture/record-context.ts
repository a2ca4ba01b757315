import type { StopSignals } from '#record/processes/interruption';
import type { CaseFolder } from './folder.ts';
import type { Journal } from './journal.ts';

/** What surrounds a recording: where it lies, who is told, and who may stop it. */
export interface RecordContext {
  readonly folder: CaseFolder;
  readonly journal: Journal;
  readonly signals: StopSignals;
  readonly env: NodeJS.ProcessEnv;
  /** Where the workload and the load test leave what is to go into the case. */
  readonly artifacts: string;
  /** Folders on disks that fill up while we record. */
  readonly disks: readonly string[];
  /** Makes the folders of the case again where somebody removed them. */
  readonly mend: () => void;
  /** Told what goes on. */
  readonly progress: (step: string) => void;
}
