-- One row per NCCL call that begins or ends a group.
--
-- Groups nest: a thread's calls from the outermost beginning on belong together, and the end that closes it launches their kernels.
--
-- @from    NVTX_EVENTS: start, "end", text?, textId?, globalTid
-- @from    StringIds?: id, value
-- @column  start_ns    integer  Start of the call, ns since the session began.
-- @column  end_ns      integer  End of the call, ns since the session began.
-- @column  global_pid  integer  Process, as the trace packs it (low 24 bits zero).
-- @column  pid         int32    Process, as the operating system numbers it.
-- @column  thread_id   int32    Host thread inside the process.
-- @column  depth       int32    1 where a group begins, -1 where one ends.
SELECT
  n.start AS start_ns,
  n."end" AS end_ns,
  n.globalTid & -16777216 AS global_pid,
  (n.globalTid >> 24) & 16777215 AS pid,
  n.globalTid & 16777215 AS thread_id,
  CASE coalesce(n.text, s.value) WHEN 'ncclGroupStart' THEN 1 ELSE -1 END AS depth
FROM NVTX_EVENTS AS n
LEFT JOIN StringIds AS s ON s.id = n.textId
WHERE n."end" IS NOT NULL AND coalesce(n.text, s.value) IN ('ncclGroupStart', 'ncclGroupEnd', 'ncclGroupSimulateEnd')
