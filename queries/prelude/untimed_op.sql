-- One row per kernel, copy, fill or graph that the trace knows of without its times.
--
-- CUPTI writes 0 for both start and end where it could not collect them: the work ran, and nobody knows when.
--
-- @from    CUPTI_ACTIVITY_KIND_KERNEL?: start, "end", deviceId, correlationId, globalPid?
-- @from    CUPTI_ACTIVITY_KIND_MEMCPY?: start, "end", deviceId, correlationId, globalPid?
-- @from    CUPTI_ACTIVITY_KIND_MEMSET?: start, "end", deviceId, correlationId, globalPid?
-- @from    CUPTI_ACTIVITY_KIND_GRAPH_TRACE?: start, "end", deviceId, correlationId, globalPid?
-- @column  device_id       int32     GPU as CUDA numbers it inside the process.
-- @column  correlation_id  int32     Id of the launching call, unique inside one process.
-- @column  global_pid      integer?  Process, as the trace packs it (low 24 bits zero).
SELECT k.deviceId AS device_id, k.correlationId AS correlation_id, k.globalPid AS global_pid
FROM CUPTI_ACTIVITY_KIND_KERNEL AS k WHERE k.start = 0 AND k."end" = 0
UNION ALL
SELECT c.deviceId AS device_id, c.correlationId AS correlation_id, c.globalPid AS global_pid
FROM CUPTI_ACTIVITY_KIND_MEMCPY AS c WHERE c.start = 0 AND c."end" = 0
UNION ALL
SELECT f.deviceId AS device_id, f.correlationId AS correlation_id, f.globalPid AS global_pid
FROM CUPTI_ACTIVITY_KIND_MEMSET AS f WHERE f.start = 0 AND f."end" = 0
UNION ALL
SELECT g.deviceId AS device_id, g.correlationId AS correlation_id, g.globalPid AS global_pid
FROM CUPTI_ACTIVITY_KIND_GRAPH_TRACE AS g WHERE g.start = 0 AND g."end" = 0
