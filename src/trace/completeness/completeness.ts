import type { Ns } from '#core/units';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import type { TraceSource } from '#trace/source';
import { type EarlyEnd, earlyEnds } from './early-ends.ts';
import { type LaunchCount, missingLaunches } from './launches.ts';
import { type ProfilerTime, profilerTime } from './profiler-time.ts';
import { type UncertainDevice, uncertainDevices } from './uncertain-devices.ts';

/** What is missing from a trace, doubtful in it, or the profiler's own doing: found before anything is said of the program. */
export interface Completeness {
  /** Kinds of launched work that left no operations. */
  readonly launches: readonly LaunchCount[];
  /** Kernels, copies, fills and graphs without times. */
  readonly untimed: number;
  readonly earlyEnds: readonly EarlyEnd[];
  readonly devices: readonly UncertainDevice[];
  /** By what the export shifted all times (`--ts-shift`); whether the session's begin was shifted alike is not told. */
  readonly shift: Ns;
  readonly profiler: readonly ProfilerTime[];
}

/** Looks for what a trace lacks. @param window first and last recorded moment */
export function completenessOf(source: TraceSource, ops: GpuOps, host: HostCalls, window: readonly [Ns, Ns]): Completeness {
  return {
    launches: missingLaunches(ops, host),
    untimed: source.scan('untimed_op', ['correlation_id']).n,
    earlyEnds: earlyEnds(ops, host),
    devices: uncertainDevices(source, ops),
    shift: shiftOf(source),
    profiler: profilerTime(source, window),
  };
}

function shiftOf(source: Pick<TraceSource, 'missing' | 'ask'>): Ns {
  const answer = source.missing('export_info') === undefined ? source.ask('export_time_option') : undefined;
  const shifts = answer?.ok ? answer.rows.filter(r => r.name.endsWith('SHIFT')).map(r => Number(r.value)) : [];
  return shifts.find(ns => Number.isFinite(ns) && ns !== 0) ?? 0;
}

/** Whether nothing may be said of busy and idle: computing left no trace, so a GPU looks idle that is not. */
export const isComputeMissing = ({ launches }: Completeness): boolean => launches.some(l => l.kind === 'kernel' || l.kind === 'graph');
