-- One row per NCCL kernel: ncclKernel_* (before NCCL 2.18) and ncclDevKernel_* (since).
--
-- A kernel spins while it waits for late ranks, so its length is transfer plus waiting.
--
-- @from    CUPTI_ACTIVITY_KIND_KERNEL: start, "end", deviceId, streamId, correlationId, globalPid?, shortName
-- @from    StringIds?: id, value
-- @column  start_ns        integer   Start, ns since the session began.
-- @column  end_ns          integer   End, ns since the session began.
-- @column  device_id       int32     GPU as CUDA numbers it inside the process.
-- @column  stream_id       int32     CUDA stream.
-- @column  correlation_id  int32     Id of the launching call, unique inside one process.
-- @column  global_pid      integer?  Process, as the trace packs it (low 24 bits zero).
-- @column  pid             int32?    Process, as the operating system numbers it.
-- @column  operation       text      all_reduce, all_gather, reduce_scatter, broadcast, reduce, send_recv or other.
-- @column  name            text      Kernel name: algorithm and protocol stand in it.
SELECT
  k.start AS start_ns,
  k."end" AS end_ns,
  k.deviceId AS device_id,
  k.streamId AS stream_id,
  k.correlationId AS correlation_id,
  k.globalPid AS global_pid,
  (k.globalPid >> 24) & 16777215 AS pid,
  CASE
    WHEN s.value LIKE '%AllReduce%' THEN 'all_reduce'
    WHEN s.value LIKE '%AllGather%' THEN 'all_gather'
    WHEN s.value LIKE '%ReduceScatter%' THEN 'reduce_scatter'
    WHEN s.value LIKE '%Broadcast%' THEN 'broadcast'
    WHEN s.value LIKE '%SendRecv%' THEN 'send_recv'
    WHEN s.value LIKE '%Reduce%' THEN 'reduce'
    ELSE 'other'
  END AS operation,
  s.value AS name
FROM CUPTI_ACTIVITY_KIND_KERNEL AS k
JOIN StringIds AS s ON s.id = k.shortName
WHERE s.value LIKE 'ncclKernel%' OR s.value LIKE 'ncclDevKernel%'
