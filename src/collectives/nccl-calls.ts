import { upperBound } from '#intervals/spans';
import type { TraceStore } from '#store/trace-store';
import type { GpuOps } from '#timeline/gpu-ops';
import type { HostCalls } from '#timeline/host-calls';

/** What NCCL was called with. */
export interface NcclCall {
  /** The same text on all ranks of a communicator. */
  readonly communicator: string;
  /** Message, bytes; NaN where the payload does not say. */
  readonly bytes: number;
}

/** Calls of one host thread, in order of start. */
interface ThreadsCalls {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly row: Int32Array;
}

/** Finds the call that launched an NCCL kernel, by its index in GpuOps. */
export type CallOf = (op: number) => NcclCall | undefined;

/**
 * Reads the NVTX payloads of NCCL's calls. A kernel belongs to the call in which its launch lies, on the same thread. Kernels of a group
 * (ncclGroupStart to ncclGroupEnd) are launched after all of its calls, and kernels of a CUDA graph long after them: those stay unknown.
 * @returns undefined where the trace holds none
 */
export function readNcclCalls(store: TraceStore, ops: GpuOps, host: HostCalls): CallOf | undefined {
  if (store.missing('nccl_call') !== undefined) return undefined;
  const calls = store.scan('nccl_call', [
    'start_ns',
    'end_ns',
    'global_pid',
    'thread_id',
    'communicator_high',
    'communicator_low',
    'bytes',
  ]);
  const rows = new Map<string, number[]>();
  for (let i = 0; i < calls.n; i++) {
    const thread = `${calls.global_pid[i]}:${calls.thread_id[i]}`;
    const list = rows.get(thread) ?? [];
    rows.set(thread, list);
    list.push(i);
  }
  const threads = new Map(
    [...rows].map(([thread, list]): [string, ThreadsCalls] => {
      const row = Int32Array.from(list).sort((a, b) => (calls.start_ns[a] ?? 0) - (calls.start_ns[b] ?? 0));
      return [
        thread,
        { row, start: Float64Array.from(row, i => calls.start_ns[i] ?? 0), end: Float64Array.from(row, i => calls.end_ns[i] ?? 0) },
      ];
    }),
  );
  return op => {
    const launch = host.api.find(ops.processes[ops.process[op] ?? 0] ?? 0, ops.correlation[op] ?? 0);
    const own = launch < 0 ? undefined : threads.get(host.threads[host.api.thread[launch] ?? -1] ?? '');
    if (own === undefined) return undefined;
    const t = host.api.start[launch] ?? 0;
    const k = upperBound(own.start, t) - 1;
    if (k < 0 || (own.end[k] ?? 0) < t) return undefined;
    const i = own.row[k] ?? 0;
    return { communicator: `${calls.communicator_high[i]}:${calls.communicator_low[i]}`, bytes: calls.bytes[i] ?? Number.NaN };
  };
}
