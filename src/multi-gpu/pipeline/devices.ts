import { byteAt } from '#core/columns';
import { type Spans, union } from '#core/math/spans';
import { COPY_KIND } from '#trace/events/copy-kinds';
import { OP } from '#trace/events/gpu-ops';
import type { PipelineSource } from './source.ts';

/** Kernels that compute, one list a GPU, on the clock that all reports share. */
export interface DeviceWork {
  readonly source: number;
  /** Index into GpuOps.devices of its report. */
  readonly device: number;
  readonly label: string;
  /** Computing: kernels but for those of a collective, and whole CUDA graphs. */
  readonly compute: Spans;
  /** Copying to or from another place, or in a collective's kernel. */
  readonly communication: Spans;
}

const COMMUNICATION: ReadonlySet<number> = new Set([COPY_KIND.peer, COPY_KIND.hostToDevice, COPY_KIND.deviceToHost]);

/** Every GPU of every report. */
export function deviceWork(sources: readonly PipelineSource[]): DeviceWork[] {
  return sources.flatMap((source, s) => {
    const { ops } = source;
    const { offset } = source.clock;
    const shift = (spans: Spans): Spans => ({ n: spans.n, start: spans.start.map(t => t + offset), end: spans.end.map(t => t + offset) });
    const isCompute = (i: number) => ops.kind[i] === OP.kernel || ops.kind[i] === OP.graph;
    const isCommunication = (i: number) =>
      ops.kind[i] === OP.communication || (ops.kind[i] === OP.copy && COMMUNICATION.has(byteAt(ops.copyKind, i)));
    return ops.devices.map((name, device) => ({
      source: s,
      device,
      label: sources.length > 1 ? `${source.label} ${name}` : name,
      compute: shift(union(ops.start, ops.end, i => ops.device[i] === device && isCompute(i))),
      communication: shift(union(ops.start, ops.end, i => ops.device[i] === device && isCommunication(i))),
    }));
  });
}
