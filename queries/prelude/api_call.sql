-- One row per CUDA runtime or driver call on a host thread.
--
-- Driver calls made inside a runtime call are rows of their own, so durations nest.
--
-- @from    CUPTI_ACTIVITY_KIND_RUNTIME: start, "end", globalTid, correlationId, nameId, returnValue?
-- @from    StringIds?: id, value
-- @column  start_ns        integer   Start, ns since the session began.
-- @column  end_ns          integer   End, ns since the session began.
-- @column  global_pid      integer   Process, as the trace packs it (low 24 bits zero).
-- @column  pid             int32     Process, as the operating system numbers it.
-- @column  thread_id       int32     Host thread inside the process.
-- @column  correlation_id  int32     Joins the call to the GPU work it launched, inside one process.
-- @column  name_id         int32     Name, as an id of the relation name.
-- @column  return_value    int32?    CUDA error code, 0 for success.
-- @column  name            text?     Name, often with a version suffix such as _v3020.
SELECT
  r.start AS start_ns,
  r."end" AS end_ns,
  r.globalTid & -16777216 AS global_pid,
  (r.globalTid >> 24) & 16777215 AS pid,
  r.globalTid & 16777215 AS thread_id,
  r.correlationId AS correlation_id,
  r.nameId AS name_id,
  r.returnValue AS return_value,
  s.value AS name
FROM CUPTI_ACTIVITY_KIND_RUNTIME AS r
LEFT JOIN StringIds AS s ON s.id = r.nameId
