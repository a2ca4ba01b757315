import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import type { CallOf } from './nccl-calls.ts';

/** One report: what one nsys recorded, of one process or of many. */
export interface CollectiveSource {
  /** How the reader knows it: a file's name. */
  readonly name: string;
  readonly ops: GpuOps;
  readonly host: HostCalls;
  /** Epoch ns at which its session began; undefined where the export does not say. */
  readonly session: bigint | undefined;
  /** Telemetry of a GPU, by its label. */
  readonly samples?: ((device: string) => SampleTimeline) | undefined;
  /** The calls into NCCL behind its kernels, where the trace holds their payloads. */
  readonly callOf?: CallOf | undefined;
  /** What was kept of its environment, or of system.json's. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}
