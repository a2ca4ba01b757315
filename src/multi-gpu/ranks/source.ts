import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import type { OpenedTrace } from '#trace/opened-trace';
import type { CallOf } from './nccl-calls.ts';

/** One report: what one nsys recorded, of one process or of many, as the comparison of ranks sees it. */
export interface CollectiveSource extends Pick<OpenedTrace, 'ops' | 'host' | 'clock'> {
  /** How the reader knows it: a file's name. */
  readonly name: string;
  /** Telemetry of a GPU, by its label. */
  readonly samples?: ((device: string) => SampleTimeline) | undefined;
  /** Who waited for whom. */
  readonly waits?: WaitGraph | undefined;
  /** The calls into NCCL behind its kernels, where the trace holds their payloads. */
  readonly callOf?: CallOf | undefined;
  /** What was kept of its environment, or of system.json's. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}
