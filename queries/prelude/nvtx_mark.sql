-- One row per NVTX mark: a moment that the program named.
--
-- @from    NVTX_EVENTS: start, eventType, text?, textId?, globalTid
-- @from    StringIds?: id, value
-- @column  t_ns        integer   Moment, ns since the session began.
-- @column  global_pid  integer   Process, as the trace packs it (low 24 bits zero).
-- @column  pid         int32     Process, as the operating system numbers it.
-- @column  thread_id   int32     Host thread inside the process.
-- @column  name        text?     Name of the mark.
SELECT
  n.start AS t_ns,
  n.globalTid & -16777216 AS global_pid,
  (n.globalTid >> 24) & 16777215 AS pid,
  n.globalTid & 16777215 AS thread_id,
  coalesce(n.text, s.value) AS name
FROM NVTX_EVENTS AS n
LEFT JOIN StringIds AS s ON s.id = n.textId
WHERE n.eventType = 34
