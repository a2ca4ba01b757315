-- One row per closed NVTX range on the host: push/pop, or start/end.
--
-- A range covers the launch of work, not the work: project it to the GPU by (global_pid, correlation_id).
--
-- @from    NVTX_EVENTS: start, "end", eventType, text?, textId?, globalTid, domainId?
-- @from    StringIds?: id, value
-- @column  start_ns    integer   Start, ns since the session began.
-- @column  end_ns      integer   End, ns since the session began.
-- @column  global_pid  integer   Process, as the trace packs it (low 24 bits zero).
-- @column  pid         int32     Process, as the operating system numbers it.
-- @column  thread_id   int32     Host thread inside the process.
-- @column  domain_id   int32?    NVTX domain.
-- @column  name_id     int32?    Name, as an id of the relation name, where the text was registered.
-- @column  name        text?     Name of the range.
SELECT
  n.start AS start_ns,
  n."end" AS end_ns,
  n.globalTid & -16777216 AS global_pid,
  (n.globalTid >> 24) & 16777215 AS pid,
  n.globalTid & 16777215 AS thread_id,
  n.domainId AS domain_id,
  n.textId AS name_id,
  coalesce(n.text, s.value) AS name
FROM NVTX_EVENTS AS n
LEFT JOIN StringIds AS s ON s.id = n.textId
WHERE n.eventType IN (59, 60, 70, 71) AND n."end" IS NOT NULL
