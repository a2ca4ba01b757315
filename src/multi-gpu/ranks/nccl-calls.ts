import { intAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Bytes, Ns } from '#core/units';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import type { TraceSource } from '#trace/source';
import { groupsMessage, type NcclGroup, readNcclGroups } from './nccl-groups.ts';

/** What NCCL was called with. */
export interface NcclCall {
  /** The same text on all ranks of a communicator. */
  readonly communicator: string;
  /** Message, bytes; NaN where the payload does not say. */
  readonly bytes: Bytes;
}

/** Calls of one host thread, in order of start. */
interface ThreadsCalls {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly calls: readonly (NcclCall & { readonly name: string | undefined })[];
}

/** Finds the call that launched an NCCL kernel, by its index in GpuOps. */
export type CallOf = (op: number) => NcclCall | undefined;

/** Every call with a payload, by thread (`global pid:thread id`). */
function readCalls(source: TraceSource): ReadonlyMap<string, ThreadsCalls> {
  const calls = source.scan('nccl_call', [
    'start_ns',
    'end_ns',
    'global_pid',
    'thread_id',
    'name_id',
    'communicator_high',
    'communicator_low',
    'bytes',
  ]);
  const names = source.names(new Set(calls.name_id));
  const rows = new Map<string, number[]>();
  for (let i = 0; i < calls.n; i++) getOrCompute(rows, `${calls.global_pid[i]}:${calls.thread_id[i]}`, () => [] as number[]).push(i);
  return new Map(
    [...rows].map(([thread, list]): [string, ThreadsCalls] => {
      list.sort((a, b) => realAt(calls.start_ns, a) - realAt(calls.start_ns, b));
      return [
        thread,
        {
          start: Float64Array.from(list, i => realAt(calls.start_ns, i)),
          end: Float64Array.from(list, i => realAt(calls.end_ns, i)),
          calls: list.map(i => ({
            name: names.get(calls.name_id[i] ?? -1),
            communicator: `${calls.communicator_high[i]}:${calls.communicator_low[i]}`,
            bytes: calls.bytes[i] ?? Number.NaN,
          })),
        },
      ];
    }),
  );
}

/** The call that a group amounts to; undefined where its calls have several communicators, or the trace holds none of them. */
function together({ start, calls }: ThreadsCalls, from: Ns, to: Ns): NcclCall | undefined {
  const members = calls.slice(upperBound(start, from), upperBound(start, to));
  const communicator = members[0]?.communicator;
  if (communicator === undefined || members.some(c => c.communicator !== communicator)) return undefined;
  return { communicator, bytes: groupsMessage(members) };
}

/**
 * Reads the NVTX payloads of NCCL's calls. A kernel belongs to the call in which its launch lies, on the same thread; one that the end of
 * a group launched belongs to all calls of the group, and is known where they have one communicator and the group launched nothing else.
 * Kernels of a CUDA graph are launched long after their calls: those stay unknown.
 * @returns undefined where the trace holds none
 */
export function readNcclCalls(source: TraceSource, ops: GpuOps, host: HostCalls): CallOf | undefined {
  if (source.missing('nccl_call') !== undefined) return undefined;
  const threads = readCalls(source);
  const groups = readNcclGroups(source);
  const launchOf = (op: number) => {
    const launch = host.api.find(valueAt(ops.processes, intAt(ops.process, op)), intAt(ops.correlation, op));
    if (launch < 0) return undefined;
    const thread = host.threads[intAt(host.api.thread, launch)];
    return { t: realAt(host.api.start, launch), thread: `${thread?.process}:${thread?.tid}` };
  };
  const groupOf = (launch: ReturnType<typeof launchOf>): NcclGroup | undefined => {
    const own = launch && groups.get(launch.thread);
    const group = own?.groups[upperBound(own.launchStart, launch?.t ?? 0) - 1];
    return group !== undefined && (launch?.t ?? 0) <= group.launchEnd ? group : undefined;
  };
  const launched = new Map<NcclGroup, number>();
  for (let op = 0; op < ops.n && groups.size > 0; op++) {
    const group = ops.kind[op] === OP.communication ? groupOf(launchOf(op)) : undefined;
    if (group !== undefined) launched.set(group, (launched.get(group) ?? 0) + 1);
  }
  return op => {
    const launch = launchOf(op);
    const own = launch && threads.get(launch.thread);
    if (launch === undefined || own === undefined) return undefined;
    const k = upperBound(own.start, launch.t) - 1;
    if (k >= 0 && launch.t <= realAt(own.end, k)) return own.calls[k];
    const group = groupOf(launch);
    return group !== undefined && launched.get(group) === 1 ? together(own, group.start, group.launchStart) : undefined;
  };
}
