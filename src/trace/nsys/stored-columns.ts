import type { PreludeName } from '#trace/queries/index.gen';

/** A column of the vendor's table, or a part of it, or the product of two of them. */
export type Stored = string | { readonly of: string; readonly part: 'process' | 'number' | 'thread' } | readonly [string, string];

/** Where the rows of a relation stand in a trace: what its SQL says, as far as whole columns of integers are copied. */
export interface StoredRelation {
  readonly table: string;
  readonly columns: Readonly<Record<string, Stored>>;
  /** Which rows count: those that ended in the session, or calls that matter; undefined for all. */
  readonly keeps?: 'ended' | 'relevant calls';
}

const TIMES = { start_ns: 'start', end_ns: 'end' } as const;
const GPU_WORK = {
  device_id: 'deviceId',
  context_id: 'contextId',
  stream_id: 'streamId',
  correlation_id: 'correlationId',
  global_pid: 'globalPid',
  pid: { of: 'globalPid', part: 'number' },
} as const;
const THREAD = {
  global_pid: { of: 'globalTid', part: 'process' },
  pid: { of: 'globalTid', part: 'number' },
  thread_id: { of: 'globalTid', part: 'thread' },
} as const;

/**
 * The relations that grow with a trace. Their SQL in queries/prelude stays the definition; a test compares both over all columns.
 */
export const STORED: Partial<Readonly<Record<PreludeName, StoredRelation>>> = {
  kernel: {
    table: 'CUPTI_ACTIVITY_KIND_KERNEL',
    columns: {
      ...TIMES,
      ...GPU_WORK,
      name_id: 'shortName',
      full_name_id: 'demangledName',
      grid_x: 'gridX',
      grid_yz: ['gridY', 'gridZ'],
      graph_node_id: 'graphNodeId',
    },
    keeps: 'ended',
  },
  memcpy: {
    table: 'CUPTI_ACTIVITY_KIND_MEMCPY',
    columns: {
      ...TIMES,
      ...GPU_WORK,
      bytes: 'bytes',
      copy_kind: 'copyKind',
      src_kind: 'srcKind',
      dst_kind: 'dstKind',
      src_device_id: 'srcDeviceId',
      dst_device_id: 'dstDeviceId',
      migration_cause: 'migrationCause',
      graph_node_id: 'graphNodeId',
    },
    keeps: 'ended',
  },
  memset: {
    table: 'CUPTI_ACTIVITY_KIND_MEMSET',
    columns: { ...TIMES, ...GPU_WORK, bytes: 'bytes', mem_kind: 'memKind' },
    keeps: 'ended',
  },
  relevant_call: {
    table: 'CUPTI_ACTIVITY_KIND_RUNTIME',
    columns: { ...TIMES, ...THREAD, correlation_id: 'correlationId', name_id: 'nameId' },
    keeps: 'relevant calls',
  },
  sync: {
    table: 'CUPTI_ACTIVITY_KIND_SYNCHRONIZATION',
    columns: { ...TIMES, ...GPU_WORK, sync_type: 'syncType', event_id: 'eventId', event_sync_id: 'eventSyncId' },
  },
  event_record: {
    table: 'CUPTI_ACTIVITY_KIND_CUDA_EVENT',
    columns: { ...GPU_WORK, event_id: 'eventId', event_sync_id: 'eventSyncId' },
  },
  os_call: { table: 'OSRT_API', columns: { ...TIMES, ...THREAD, name_id: 'nameId', nesting_level: 'nestingLevel' } },
  thread_switch: { table: 'SCHED_EVENTS', columns: { t_ns: 'start', cpu: 'cpu', is_in: 'isSchedIn', ...THREAD } },
};
