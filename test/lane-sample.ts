import { laneOf as findLane, type Lane } from '#diagnosis/lanes/lane';
import { COPY_KIND } from '#trace/events/copy-kinds';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES, type Activity, cudaActivity, osActivity } from '#trace/events/host-categories';
import type { Migrations } from '#trace/events/migrations';
import type { ThreadCalls } from '#trace/events/thread-activity';

/** One GPU operation; what is left out is an ordinary kernel of process 1 on GPU 0, stream 7, whose launch is not in the trace. */
export interface LaneOp {
  readonly start: number;
  readonly end: number;
  readonly kind?: keyof typeof OP;
  readonly device?: number;
  readonly stream?: number;
  readonly pid?: number;
  readonly id?: number;
  /** Same number = work that should take the same time. */
  readonly work?: number;
  readonly copyKind?: number;
  readonly bytes?: number;
  readonly pageable?: boolean;
}

/** One call of a host thread: CUDA calls by default, with the id that joins them to the operation they launched. */
export interface ThreadCall {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly id?: number;
  readonly pid?: number;
  readonly thread?: number;
  readonly kind?: 'cuda' | 'os' | 'profiler';
}

/** A copy of results back to the host. */
export const readBack = (start: number, end: number, rest: Partial<LaneOp> = {}): LaneOp => ({
  start,
  end,
  kind: 'copy',
  copyKind: 2,
  work: 900,
  ...rest,
});

/** One migration or page fault of managed memory; what is left out is of process 1 on GPU 0. */
export interface LaneMigration {
  readonly start: number;
  readonly end: number;
  /** -1 for a fault of the CPU. */
  readonly device?: number;
  readonly process?: number;
  readonly bytes?: number;
  readonly toHost?: boolean;
  readonly faults?: number;
}

export const migrationsOf = (list: readonly LaneMigration[]): Migrations => ({
  n: list.length,
  start: Float64Array.from(list, m => m.start),
  end: Float64Array.from(list, m => m.end),
  device: Int32Array.from(list, m => m.device ?? 0),
  process: Int32Array.from(list, m => m.process ?? 0),
  bytes: Float64Array.from(list, m => m.bytes ?? 0),
  toHost: Uint8Array.from(list, m => (m.toHost ? 1 : 0)),
  faults: Float64Array.from(list, m => m.faults ?? 0),
});

export function laneOps(list: readonly LaneOp[], migrations: readonly LaneMigration[] = []): GpuOps {
  const rows = list.toSorted((a, b) => a.start - b.start);
  const processes = [...new Set(rows.map(o => o.pid ?? 1))];
  const n = rows.length;
  return {
    n,
    start: Float64Array.from(rows, o => o.start),
    end: Float64Array.from(rows, o => o.end),
    kind: Uint8Array.from(rows, o => OP[o.kind ?? 'kernel']),
    device: Int32Array.from(rows, o => o.device ?? 0),
    stream: Int32Array.from(rows, o => o.stream ?? 7),
    process: Int32Array.from(rows, o => processes.indexOf(o.pid ?? 1)),
    correlation: Int32Array.from(rows, o => o.id ?? -1),
    work: Int32Array.from(rows, o => o.work ?? 0),
    nameId: Int32Array.from(rows, o => ((o.kind ?? 'kernel') === 'kernel' ? (o.work ?? 0) : -1)),
    fullNameId: Int32Array.from(rows, o => ((o.kind ?? 'kernel') === 'kernel' ? (o.work ?? 0) : -1)),
    bytes: Float64Array.from(rows, o => o.bytes ?? 0),
    copyKind: Int8Array.from(rows, o => o.copyKind ?? -1),
    pageable: Uint8Array.from(rows, o => (o.pageable ? 1 : 0)),
    inGraph: new Uint8Array(n),
    migrations: migrationsOf(migrations),
    devices: Array.from({ length: 1 + Math.max(-1, ...rows.map(o => o.device ?? 0)) }, (_, d) => `GPU ${d}`),
    processes,
    names: new Map(),
  };
}

const activityOf = ({ kind, name }: ThreadCall): Activity =>
  kind === 'profiler' ? 'profiler' : kind === 'os' ? osActivity(name) : cudaActivity(name);

export function hostCalls(list: readonly ThreadCall[]): HostCalls {
  const names = [...new Set(list.map(c => c.name))];
  const cuda = list.filter(c => (c.kind ?? 'cuda') === 'cuda');
  const callsOf = (thread: number): ThreadCalls => {
    const mine = list.filter(c => (c.thread ?? 0) === thread).toSorted((a, b) => a.start - b.start);
    let latest = Number.NEGATIVE_INFINITY;
    return {
      n: mine.length,
      start: Float64Array.from(mine, c => c.start),
      end: Float64Array.from(mine, c => c.end),
      activity: Uint8Array.from(mine, c => ACTIVITIES.indexOf(activityOf(c))),
      nameId: Int32Array.from(mine, c => names.indexOf(c.name)),
      endSoFar: Float64Array.from(mine, c => (latest = Math.max(latest, c.end))),
    };
  };
  return {
    api: {
      n: cuda.length,
      start: Float64Array.from(cuda, c => c.start),
      end: Float64Array.from(cuda, c => c.end),
      thread: Int32Array.from(cuda, c => c.thread ?? 0),
      nameId: Int32Array.from(cuda, c => names.indexOf(c.name)),
      find: (pid, id) => cuda.findIndex(c => (c.pid ?? 1) === pid && c.id === id),
    },
    threads: [0, 1].map(tid => ({ process: 1, pid: 1, tid })),
    callsOf,
    nameOf: id => names[id] ?? '(unnamed)',
    hasOsCalls: list.some(c => c.kind === 'os'),
  };
}

/** A lane of the given streams of process 1 on GPU 0; all else that computes on that GPU is foreign. Its steps end with its results. */
export function laneOf(ops: GpuOps, streams: readonly number[] = [7]): Lane {
  const process = Math.max(0, ops.processes.indexOf(1));
  const isResult = (i: number) =>
    ops.copyKind[i] === COPY_KIND.deviceToHost && ops.process[i] === process && ops.device[i] === 0 && streams.includes(ops.stream[i] ?? 0);
  const results = Array.from({ length: ops.n }, (_, i) => i).filter(isResult);
  const stepEnds = Float64Array.from(results, i => ops.end[i] ?? 0);
  return findLane(ops, process, 0, stepEnds, new Set(streams));
}
