import type { Bytes, Ns } from '#core/units';

/** When something was, by the recorder's own clock. */
interface Stretch {
  readonly start: Ns;
  readonly end: Ns;
}

/** Who did something on the host. */
interface OnThread extends Stretch {
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
}

/** Work of a GPU. */
interface OnGpu extends Stretch {
  readonly device: number;
  readonly context: number | undefined;
  readonly stream: number;
  readonly correlation: number;
  /** Node of a CUDA graph, where it ran from one. */
  readonly graphNode: number | undefined;
}

type Extent = readonly [number, number, number];

/** What a recorder other than nsys can have seen, in its rows' words. */
export interface ExportRows {
  readonly kernel: OnGpu & { readonly name: string; readonly fullName: string; readonly grid: Extent; readonly block: Extent };
  /** Kinds as CUPTI numbers them: queries/prelude/memcpy.sql. */
  readonly copy: OnGpu & {
    readonly bytes: Bytes;
    readonly kind: number;
    readonly from: number | undefined;
    readonly to: number | undefined;
    readonly fromDevice: number | undefined;
    readonly toDevice: number | undefined;
  };
  readonly fill: OnGpu & { readonly bytes: Bytes; readonly memory: number | undefined };
  readonly call: OnThread & { readonly correlation: number };
  /** A named stretch of the program; what NCCL was called with, where it was. */
  readonly range: OnThread & { readonly nccl: { readonly communicator: string; readonly bytes: Bytes } | undefined };
  /** A stretch in which the profiler held the thread. */
  readonly overhead: OnThread;
  readonly sync: OnGpu & { readonly type: number; readonly event: number | undefined; readonly record: number | undefined };
  readonly eventRecord: Omit<OnGpu, keyof Stretch | 'graphNode'> & { readonly event: number; readonly record: number };
  readonly thread: { readonly pid: number; readonly tid: number; readonly name: string };
}
export type ForeignKind = keyof ExportRows;

/** What numbers texts and threads. */
export interface Numbering {
  readonly name: (text: string) => number;
  readonly thread: (pid: number, tid: number) => bigint;
}

/** A table of an export, and how a row of ours reads in it. */
interface ExportTable<K extends ForeignKind> {
  readonly table: string;
  readonly columns: readonly string[];
  /** Whether its rows name the process, which only the whole trace tells. */
  readonly isOfGpu?: boolean;
  readonly values: (row: ExportRows[K], numbering: Numbering) => readonly unknown[];
}

/** Integers go in as such: better-sqlite3 binds numbers as REAL. */
const whole = (value: number | undefined): bigint | null => (value === undefined ? null : BigInt(value));
const times = ({ start, end }: Stretch) => [whole(start), whole(end)];
const place = (w: Omit<OnGpu, keyof Stretch | 'graphNode'>) => [w.device, w.context, w.stream, w.correlation].map(whole);
const host = (row: OnThread, { name, thread }: Numbering) => [...times(row), thread(row.pid, row.tid), whole(name(row.name))];

const GPU = ['start', 'end', 'deviceId', 'contextId', 'streamId', 'correlationId'];
const HOST = ['start', 'end', 'globalTid', 'nameId'];
/** NVTX_EVENTS.eventType of a range that one thread pushes and pops. */
const PUSH_POP = 59n;

/** The tables of an export that others can fill, in its newest layout. */
export const EXPORT_TABLES: { readonly [K in ForeignKind]: ExportTable<K> } = {
  kernel: {
    table: 'CUPTI_ACTIVITY_KIND_KERNEL',
    columns: [...GPU, 'shortName', 'demangledName', 'gridX', 'gridY', 'gridZ', 'blockX', 'blockY', 'blockZ', 'graphNodeId'],
    isOfGpu: true,
    values: (k, n) => [...times(k), ...place(k), ...[n.name(k.name), n.name(k.fullName), ...k.grid, ...k.block, k.graphNode].map(whole)],
  },
  copy: {
    table: 'CUPTI_ACTIVITY_KIND_MEMCPY',
    columns: [...GPU, 'bytes', 'copyKind', 'srcKind', 'dstKind', 'srcDeviceId', 'dstDeviceId', 'graphNodeId'],
    isOfGpu: true,
    values: c => [...times(c), ...place(c), ...[c.bytes, c.kind, c.from, c.to, c.fromDevice, c.toDevice, c.graphNode].map(whole)],
  },
  fill: {
    table: 'CUPTI_ACTIVITY_KIND_MEMSET',
    columns: [...GPU, 'bytes', 'memKind', 'graphNodeId'],
    isOfGpu: true,
    values: f => [...times(f), ...place(f), ...[f.bytes, f.memory, f.graphNode].map(whole)],
  },
  call: {
    table: 'CUPTI_ACTIVITY_KIND_RUNTIME',
    columns: [...HOST, 'correlationId'],
    values: (c, n) => [...host(c, n), whole(c.correlation)],
  },
  range: {
    table: 'NVTX_EVENTS',
    columns: ['start', 'end', 'globalTid', 'textId', 'eventType', 'text', 'jsonText'],
    values: (r, n) => [
      ...host(r, n),
      PUSH_POP,
      null,
      r.nccl === undefined
        ? null
        : JSON.stringify({ 'NCCL communicator ID': r.nccl.communicator, 'Message size [bytes]': String(r.nccl.bytes) }),
    ],
  },
  overhead: { table: 'PROFILER_OVERHEAD', columns: HOST, values: host },
  sync: {
    table: 'CUPTI_ACTIVITY_KIND_SYNCHRONIZATION',
    columns: [...GPU, 'syncType', 'eventId', 'eventSyncId'],
    isOfGpu: true,
    values: s => [...times(s), ...place(s), ...[s.type, s.event, s.record].map(whole)],
  },
  eventRecord: {
    table: 'CUPTI_ACTIVITY_KIND_CUDA_EVENT',
    columns: [...GPU.slice(2), 'eventId', 'eventSyncId'],
    isOfGpu: true,
    values: e => [...place(e), ...[e.event, e.record].map(whole)],
  },
  thread: {
    table: 'ThreadNames',
    columns: ['globalTid', 'nameId'],
    values: (t, n) => [n.thread(t.pid, t.tid), whole(n.name(t.name))],
  },
};
