-- One row per CUDA synchronisation, as the driver saw it.
--
-- nsys 2025.3 and 2025.5 (schemas 3.20 and 3.24) give a cudaStreamSynchronize the type 2 of a stream that waits for an event: such
-- a row has no event (event_id 4294967295). In schema 3.25 it has type 3. A cudaDeviceSynchronize was seen with type 1 in 3.13.
-- device_id was 0 in every row of every export seen, whatever the stream: take the device from context_id or stream_id.
--
-- @from    CUPTI_ACTIVITY_KIND_SYNCHRONIZATION: start, "end", deviceId?, contextId, streamId, correlationId, globalPid?, syncType, eventId?, eventSyncId?
-- @column  start_ns        integer   Start, ns since the session began.
-- @column  end_ns          integer   End, ns since the session began.
-- @column  device_id       int32?    GPU as CUDA numbers it inside the process, as recorded: not to be relied on.
-- @column  context_id      int32?    CUDA context.
-- @column  stream_id       int32?    CUDA stream; for a context-wide synchronisation a meaningless number.
-- @column  correlation_id  int32     Id of the call, unique inside one process.
-- @column  global_pid      integer?  Process, as the trace packs it (low 24 bits zero).
-- @column  pid             int32?    Process, as the operating system numbers it.
-- @column  sync_type       int32     1 event, 2 a stream waits for an event, 3 stream, 4 context.
-- @column  event_id        int32?    Event handle, 4294967295 for none; handles are reused.
-- @column  event_sync_id   int32?    Id of the event_record waited for, unique inside one process; 0 or 4294967295 for none, NULL in old exports.
SELECT
  y.start AS start_ns,
  y."end" AS end_ns,
  y.deviceId AS device_id,
  y.contextId AS context_id,
  y.streamId AS stream_id,
  y.correlationId AS correlation_id,
  y.globalPid AS global_pid,
  (y.globalPid >> 24) & 16777215 AS pid,
  y.syncType AS sync_type,
  y.eventId AS event_id,
  y.eventSyncId AS event_sync_id
FROM CUPTI_ACTIVITY_KIND_SYNCHRONIZATION AS y
