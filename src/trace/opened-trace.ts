import type { Ns } from '#core/units';
import { type GpuOps, readGpuOps } from '#trace/events/gpu-ops';
import { type HostCalls, readHostCalls } from '#trace/events/host-calls';
import { sessionStart } from '#trace/events/trace-facts';
import type { TraceSource } from './source.ts';

/** Where the times of a trace, which count from its session's begin, stand among those of others. */
export interface TraceClock {
  /** Epoch ns at which its session began; undefined where the trace does not say. */
  readonly session: bigint | undefined;
  /** What to add to its times to put them on the clock that all traces of a run share. */
  readonly offset: Ns;
  /** By how much that clock may be wrong for it. */
  readonly residual: Ns;
}

/** A clock of a trace that is alone, or whose place among others is not known yet. */
export const ownClock = (session: bigint | undefined): TraceClock => ({ session, offset: 0, residual: 0 });

/** One opened trace: what it can still be asked, and what has been read of it. Views of it pick what they need. */
export interface OpenedTrace {
  readonly source: TraceSource;
  readonly ops: GpuOps;
  readonly host: HostCalls;
  readonly clock: TraceClock;
}

/** Reads what every analysis of a trace needs. @param progress told what is being read */
export function readTrace(source: TraceSource, progress: (step: string) => void = () => {}): OpenedTrace {
  progress('reading GPU work');
  const ops = readGpuOps(source);
  progress('reading host calls');
  const host = readHostCalls(source);
  return { source, ops, host, clock: ownClock(sessionStart(source)) };
}
