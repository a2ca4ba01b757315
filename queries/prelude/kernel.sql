-- One row per GPU kernel execution.
--
-- The launch that started a kernel is the api_call with the same (global_pid, correlation_id): correlation ids repeat
-- between processes. Where a whole CUDA graph was recorded as one row, its kernels are not here but in graph_launch.
-- What ended before the session began is left out, and a record without times is in untimed_op.
--
-- @from    CUPTI_ACTIVITY_KIND_KERNEL: start, "end", deviceId, contextId, streamId, correlationId, globalPid?, demangledName,
--          shortName, gridX, gridY, gridZ, blockX, blockY, blockZ, graphNodeId?
-- @from    StringIds?: id, value
-- @column  start_ns        integer   Start, ns since the session began.
-- @column  end_ns          integer   End, ns since the session began.
-- @column  device_id       int32     GPU as CUDA numbers it inside the process.
-- @column  context_id      int32?    CUDA context.
-- @column  stream_id       int32     CUDA stream.
-- @column  correlation_id  int32     Id of the launching call, unique inside one process.
-- @column  global_pid      integer?  Process, as the trace packs it (low 24 bits zero).
-- @column  pid             int32?    Process, as the operating system numbers it.
-- @column  name_id         int32?    Short name, as an id of the relation name.
-- @column  full_name_id    int32?    Demangled name with its template arguments, as an id of the relation name.
-- @column  grid_x          int32     Blocks in x.
-- @column  grid_yz         int32     Blocks in y times blocks in z.
-- @column  block           int32     Threads in a block.
-- @column  graph_node_id   int32?    Node of a CUDA graph, where it ran from one.
-- @column  name            text?     Short kernel name.
SELECT
  k.start AS start_ns,
  k."end" AS end_ns,
  k.deviceId AS device_id,
  k.contextId AS context_id,
  k.streamId AS stream_id,
  k.correlationId AS correlation_id,
  k.globalPid AS global_pid,
  (k.globalPid >> 24) & 16777215 AS pid,
  k.shortName AS name_id,
  k.demangledName AS full_name_id,
  k.gridX AS grid_x,
  k.gridY * k.gridZ AS grid_yz,
  k.blockX * k.blockY * k.blockZ AS block,
  k.graphNodeId AS graph_node_id,
  s.value AS name
FROM CUPTI_ACTIVITY_KIND_KERNEL AS k
LEFT JOIN StringIds AS s ON s.id = k.shortName
WHERE k."end" > 0 OR k."end" IS NULL OR k."end" < k.start
