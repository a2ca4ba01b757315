import type { Ns } from '#core/units';
import { type GpuOps, readGpuOps } from '#trace/events/gpu-ops';
import { type HostCalls, readHostCalls } from '#trace/events/host-calls';
import { sessionStart, windowOf } from '#trace/events/trace-facts';
import type { TraceStore } from '#trace/nsys/trace-store';

/** A trace with what every step of an analysis asks of it. Times count from the start of its session. */
export interface ReadTrace {
  readonly name: string;
  readonly store: TraceStore;
  readonly ops: GpuOps;
  readonly host: HostCalls;
  /** Epoch ns at which the session began; undefined where the export does not say. */
  readonly session: bigint | undefined;
}

/** Reads the work of the GPUs and the calls of the host. */
export function readTrace(name: string, store: TraceStore, progress: (step: string) => void = () => {}): ReadTrace {
  progress('reading GPU work');
  const ops = readGpuOps(store);
  progress('reading host calls');
  const host = readHostCalls(store);
  return { name, store, ops, host, session: sessionStart(store) };
}

/** First and last recorded moment: what came before or after is not in the trace. */
export const tracedWindow = ({ ops, host }: ReadTrace): readonly [Ns, Ns] => windowOf(ops, host);
