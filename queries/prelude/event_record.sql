-- One row per CUDA event recorded on a stream.
--
-- The record carries no time of its own that older exports keep: it was enqueued during the api_call with the same
-- (global_pid, correlation_id), and it is reached once everything enqueued on its stream before that has finished. A sync row of
-- type 2 with the same (global_pid, event_sync_id) is a stream that waits for it.
--
-- @from    CUPTI_ACTIVITY_KIND_CUDA_EVENT: deviceId, contextId, streamId, correlationId, globalPid?, eventId, eventSyncId?
-- @column  device_id       int32?    GPU as CUDA numbers it inside the process.
-- @column  context_id      int32?    CUDA context.
-- @column  stream_id       int32     CUDA stream on which the event was recorded.
-- @column  correlation_id  int32     Id of the recording call, unique inside one process.
-- @column  global_pid      integer?  Process, as the trace packs it (low 24 bits zero).
-- @column  pid             int32?    Process, as the operating system numbers it.
-- @column  event_id        int32     Event handle; handles are reused.
-- @column  event_sync_id   int32?    Unique id of this record inside one process; NULL in old exports (seen in 3.20.3, absent in 3.13.2).
SELECT
  e.deviceId AS device_id,
  e.contextId AS context_id,
  e.streamId AS stream_id,
  e.correlationId AS correlation_id,
  e.globalPid AS global_pid,
  (e.globalPid >> 24) & 16777215 AS pid,
  e.eventId AS event_id,
  e.eventSyncId AS event_sync_id
FROM CUPTI_ACTIVITY_KIND_CUDA_EVENT AS e
