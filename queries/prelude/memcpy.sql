-- One row per copy that a GPU made.
--
-- A peer copy staged through the host shows as two rows with one correlation id. NCCL traffic is never here: it is kernels.
-- What ended before the session began is left out, and a record without times is in untimed_op.
--
-- @from    CUPTI_ACTIVITY_KIND_MEMCPY: start, "end", deviceId, contextId, streamId, correlationId, globalPid?, bytes,
--          copyKind, srcKind, dstKind, srcDeviceId?, dstDeviceId?, migrationCause?, graphNodeId?
-- @column  start_ns        integer   Start, ns since the session began.
-- @column  end_ns          integer   End, ns since the session began.
-- @column  device_id       int32     GPU as CUDA numbers it inside the process.
-- @column  context_id      int32?    CUDA context.
-- @column  stream_id       int32     CUDA stream.
-- @column  correlation_id  int32     Id of the launching call, unique inside one process.
-- @column  global_pid      integer?  Process, as the trace packs it (low 24 bits zero).
-- @column  pid             int32?    Process, as the operating system numbers it.
-- @column  bytes           integer   Bytes copied.
-- @column  copy_kind       int32     1 host to device, 2 device to host, 8 device to device, 9 host to host, 10 peer to peer, 11-13 unified memory.
-- @column  src_kind        int32?    Source memory: 0 pageable, 1 pinned, 2 device, 3 array, 4 managed, 5 device static, 6 managed static, 7 unknown.
-- @column  dst_kind        int32?    Destination memory, numbered like src_kind.
-- @column  src_device_id   int32?    Source GPU of a peer copy.
-- @column  dst_device_id   int32?    Destination GPU of a peer copy.
-- @column  migration_cause  int32?    Of unified memory: 1 the program's prefetch, 2 a page fault, 3 the driver's prefetch, 4 eviction, 5 access counters.
-- @column  graph_node_id   int32?    Node of a CUDA graph, where it ran from one.
SELECT
  m.start AS start_ns,
  m."end" AS end_ns,
  m.deviceId AS device_id,
  m.contextId AS context_id,
  m.streamId AS stream_id,
  m.correlationId AS correlation_id,
  m.globalPid AS global_pid,
  (m.globalPid >> 24) & 16777215 AS pid,
  m.bytes AS bytes,
  m.copyKind AS copy_kind,
  m.srcKind AS src_kind,
  m.dstKind AS dst_kind,
  m.srcDeviceId AS src_device_id,
  m.dstDeviceId AS dst_device_id,
  m.migrationCause AS migration_cause,
  m.graphNodeId AS graph_node_id
FROM CUPTI_ACTIVITY_KIND_MEMCPY AS m
WHERE m."end" > 0 OR m."end" IS NULL OR m."end" < m.start
