import { itemAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import type { DamagedRows, Recorder, TraceSource } from '#trace/source';
import { type EarlyEnd, earlyEnds } from './early-ends.ts';
import { type LaunchCount, missingLaunches } from './launches.ts';
import { type LostCalls, lostCalls } from './lost-calls.ts';
import { type Disorder, disorders } from './order-of-events.ts';
import { type DoubtfulOsCalls, doubtfulOsCalls } from './os-calls.ts';
import { type ProfilerTime, profilerTime } from './profiler-time.ts';
import { type UncertainDevice, uncertainDevices } from './uncertain-devices.ts';

/** What is missing from a trace, doubtful in it, or the profiler's own doing: found before anything is said of the program. */
export interface Completeness {
  /** Kinds of launched work that left no operations. */
  readonly launches: readonly LaunchCount[];
  /** Orders that CUDA guarantees and that the trace breaks: calls and work are not on one clock. */
  readonly disorders: readonly Disorder[];
  /** Why calls into the operating system cannot be believed; undefined where they can. */
  readonly osCalls: DoubtfulOsCalls | undefined;
  /** CUDA calls that launched something and are not there; undefined where they all are. */
  readonly lostCalls: LostCalls | undefined;
  /** Kernels, copies, fills and graphs without times. */
  readonly untimed: number;
  /** Rows that cannot be right and were left out of what was read so far. */
  readonly damaged: readonly DamagedRows[];
  /** Whether all pages of the file were looked at; of a large one they are not. */
  readonly isChecked: boolean;
  readonly recorder: Recorder;
  readonly earlyEnds: readonly EarlyEnd[];
  readonly devices: readonly UncertainDevice[];
  /** By what the export shifted all times (`--ts-shift`); whether the session's begin was shifted alike is not told. */
  readonly shift: Ns;
  readonly profiler: readonly ProfilerTime[];
}

/** A trace of a run, read. */
export interface RecordedTrace {
  readonly source: TraceSource;
  readonly ops: GpuOps;
  readonly host: HostCalls;
  /** First and last recorded moment. */
  readonly window: readonly [Ns, Ns];
  /** Epoch ns at which its session began; undefined where it does not say, so that it cannot be laid beside others. */
  readonly session: bigint | undefined;
}

/** Looks for what the traces of a run lack, each for itself and beside the others. */
export function completenessOf(traces: readonly RecordedTrace[]): readonly Completeness[] {
  const [first] = traces;
  const ends = togetherOrApart(traces, first?.session);
  return traces.map(({ source, ops, host, window }, k) => ({
    launches: missingLaunches(ops, host),
    disorders: disorders(ops, host),
    osCalls: doubtfulOsCalls(host),
    lostCalls: lostCalls(ops, host),
    untimed: source.scan('untimed_op', ['correlation_id']).n,
    damaged: source.damaged(),
    isChecked: source.isChecked,
    recorder: source.recorder,
    earlyEnds: ends[k] ?? [],
    devices: uncertainDevices(source, ops),
    shift: shiftOf(source),
    profiler: profilerTime(source, window),
  }));
}

/** Early ends of each trace, beside all others where each says when its session began, else beside none. */
function togetherOrApart(traces: readonly RecordedTrace[], first: bigint | undefined): readonly (readonly EarlyEnd[])[] {
  const offsets = traces.flatMap(({ session }) => (first === undefined || session === undefined ? [] : [Number(session - first)]));
  if (offsets.length < traces.length) return traces.flatMap(({ ops, host }) => earlyEnds([{ ops, host, offset: 0 }]));
  return earlyEnds(traces.map(({ ops, host }, k) => ({ ops, host, offset: itemAt(offsets, k) })));
}

function shiftOf(source: Pick<TraceSource, 'missing' | 'ask'>): Ns {
  const answer = source.missing('export_info') === undefined ? source.ask('export_time_option') : undefined;
  const shifts = answer?.ok ? answer.rows.filter(r => r.name.endsWith('SHIFT')).map(r => Number(r.value)) : [];
  return shifts.find(ns => Number.isFinite(ns) && ns !== 0) ?? 0;
}

/** Whether nothing may be said of busy and idle: computing left no trace, or not at its time, so a GPU looks idle that is not. */
export const isComputeMissing = ({ launches, damaged, disorders: broken }: Completeness): boolean =>
  broken.length > 0 ||
  launches.some(l => l.kind === 'kernel' || l.kind === 'graph') ||
  damaged.some(d => d.isLost && (d.relation === 'kernel' || d.relation === 'graph_launch'));

/** Whether copies or fills left no trace: a GPU that made them looks idle. */
export const lacksCopies = ({ launches }: Completeness): boolean => launches.some(l => l.kind === 'copy' || l.kind === 'fill');
