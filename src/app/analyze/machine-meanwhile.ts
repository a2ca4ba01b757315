import type { MachineReadings } from '#app/inputs/machine-beside';
import type { Spans } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { Aligned } from '#diagnosis/clock/aligned';
import type { SeriesFile } from '#input/series/on-trace-clock';

/** What is known of the machine and of the time that is judged. */
export interface MachineMeanwhile {
  readonly files: readonly SeriesFile[];
  readonly machine: MachineReadings;
  /** Epoch ns; undefined where it is not known: then nothing is left out. */
  readonly session: bigint | undefined;
  readonly window: readonly [Ns, Ns];
  readonly aligned: Aligned;
  /** When requests were in flight. */
  readonly demand: Spans | undefined;
  /** GPUs that the trace saw at work; none without a trace. */
  readonly devices: readonly string[];
  /** What the trace kept of the program's environment. */
  readonly environment: Readonly<Record<string, string>>;
}
