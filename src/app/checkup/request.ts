import type { Seconds } from '#core/units';
import type { AskedMachine } from '#record/checkup/asked';
import type { GpuReading } from '#record/checkup/gpu-readings';
import type { Target } from '#record/load-test/generator/target';
import type { Checkup } from '#schema/checkup';

/** What is to be looked at, and how. */
export interface CheckupRequest {
  readonly kind: Checkup['kind'];
  readonly machine: AskedMachine;
  /** undefined: no requests are sent. */
  readonly target: Target | undefined;
  /** How long the load lasts under which the GPUs are watched. */
  readonly seconds: Seconds;
  readonly concurrency: number;
  /** Tokens a second that the user expects. */
  readonly expectedRate: number | undefined;
  /** Logs of the server that the user has. */
  readonly logs: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Is told what goes on. */
export interface CheckupObserver {
  readonly progress: (step: string) => void;
  /** The readings of a second. */
  readonly round: (readings: readonly GpuReading[]) => void;
}
