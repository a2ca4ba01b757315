import type { Seconds } from '#core/units';
import type { Nsys } from '#record/nsys/installed';
import type { Recording } from '#record/nsys/recording';
import type { StopSignals } from '#record/processes/interruption';
import type { Sampler } from '#record/samplers/sampler';
import type { Plan } from './journal.ts';
import type { Launcher } from './launchers.ts';

/** Everything that a recording needs and a plan cannot hold: secrets among them. */
export interface RecordOptions {
  readonly plan: Plan;
  readonly command: readonly string[];
  readonly load: { readonly command: string; readonly leadSeconds: Seconds; readonly limitSeconds: Seconds } | undefined;
  /** Takes out of a text what must not be in a case. */
  readonly clean: (text: string) => string;
  readonly recording: Recording;
  readonly nsys: Nsys;
  readonly ranks: Launcher | undefined;
  readonly everySeconds: Seconds;
  readonly ready: string | undefined;
  /** Unique to this capture: all its processes carry it. */
  readonly sessionTag: string;
  /** Seconds that nsys may do nothing before it counts as hung. */
  readonly patienceSeconds: Seconds;
  /** Seconds that the workload may take to end when asked to. */
  readonly graceSeconds: Seconds;
  readonly env: NodeJS.ProcessEnv;
  readonly samplers: readonly Sampler[];
  readonly signals: StopSignals;
  readonly progress: (step: string) => void;
}
