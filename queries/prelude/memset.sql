-- One row per memory fill that a GPU made.
--
-- What ended before the session began is left out, and a record without times is in untimed_op.
--
-- @from    CUPTI_ACTIVITY_KIND_MEMSET: start, "end", deviceId, contextId, streamId, correlationId, globalPid?, bytes, memKind?
-- @column  start_ns        integer   Start, ns since the session began.
-- @column  end_ns          integer   End, ns since the session began.
-- @column  device_id       int32     GPU as CUDA numbers it inside the process.
-- @column  context_id      int32?    CUDA context.
-- @column  stream_id       int32     CUDA stream.
-- @column  correlation_id  int32     Id of the launching call, unique inside one process.
-- @column  global_pid      integer?  Process, as the trace packs it (low 24 bits zero).
-- @column  pid             int32?    Process, as the operating system numbers it.
-- @column  bytes           integer   Bytes filled.
-- @column  mem_kind        int32?    Memory, numbered like memcpy.src_kind.
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
  m.memKind AS mem_kind
FROM CUPTI_ACTIVITY_KIND_MEMSET AS m
WHERE m."end" > 0 OR m."end" IS NULL OR m."end" < m.start
