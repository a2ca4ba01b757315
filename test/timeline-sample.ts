import type { EventCalls } from '#trace/events/dependencies';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { ApiCalls } from '#trace/events/host-calls';
import { NO_MIGRATIONS } from '#trace/events/migrations';

/** One GPU operation of a hand-made trace; what is left out is an ordinary kernel of process 1 on GPU 0, stream 7. */
export interface Op {
  readonly start: number;
  readonly end: number;
  readonly kind?: keyof typeof OP;
  readonly device?: number;
  readonly stream?: number;
  readonly pid?: number;
  /** Joins it to a Call of the same process. */
  readonly id?: number;
}

/** One CUDA call of a hand-made trace. */
export interface Call {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly pid?: number;
}

/** Hand-made operations, in order of start as the reader gives them; those that begin together keep the order given. */
export function opsOf(list: readonly Op[]): GpuOps {
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
    correlation: Int32Array.from(rows, o => o.id ?? 0),
    work: new Int32Array(n),
    nameId: new Int32Array(n).fill(-1),
    fullNameId: new Int32Array(n).fill(-1),
    bytes: new Float64Array(n),
    copyKind: new Int8Array(n).fill(-1),
    pageable: new Uint8Array(n),
    inGraph: new Uint8Array(n),
    migrations: NO_MIGRATIONS,
    devices: Array.from({ length: 1 + Math.max(-1, ...rows.map(o => o.device ?? 0)) }, (_, d) => `GPU ${d}`),
    processes,
    names: new Map(),
  };
}

/** Hand-made CUDA calls. */
export function hostOf(calls: readonly Call[]): { readonly api: ApiCalls } {
  const at = new Map(calls.map((c, i) => [`${c.pid ?? 1}:${c.id}`, i]));
  return {
    api: {
      n: calls.length,
      start: Float64Array.from(calls, c => c.start),
      end: Float64Array.from(calls, c => c.end),
      thread: new Int32Array(calls.length),
      nameId: new Int32Array(calls.length).fill(-1),
      find: (pid, correlation) => at.get(`${pid}:${correlation}`) ?? -1,
    },
  };
}

/** Hand-made event records or waits, all of the first process. */
export const eventsOf = (list: readonly { readonly time: number; readonly stream: number; readonly event: number }[]): EventCalls => ({
  n: list.length,
  time: Float64Array.from(list, e => e.time),
  process: new Int32Array(list.length),
  stream: Int32Array.from(list, e => e.stream),
  eventSyncId: Int32Array.from(list, e => e.event),
});
