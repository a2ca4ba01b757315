-- Stretches in which the profiler itself held a host thread: buffer flushes, start-up, allocations of its own.
--
-- It is not the profiler's whole cost: that takes an unprofiled control run.
--
-- @from    PROFILER_OVERHEAD: start, "end", globalTid, nameId
-- @from    StringIds?: id, value
-- @column  start_ns    integer  Start, ns since the session began.
-- @column  end_ns      integer  End, ns since the session began.
-- @column  global_pid  integer  Process, as the trace packs it (low 24 bits zero).
-- @column  pid         int32    Process, as the operating system numbers it.
-- @column  thread_id   int32    Host thread inside the process.
-- @column  name_id     int32    Name, as an id of the relation name.
-- @column  name        text?    What the profiler did.
SELECT
  p.start AS start_ns,
  p."end" AS end_ns,
  p.globalTid & -16777216 AS global_pid,
  (p.globalTid >> 24) & 16777215 AS pid,
  p.globalTid & 16777215 AS thread_id,
  p.nameId AS name_id,
  s.value AS name
FROM PROFILER_OVERHEAD AS p
LEFT JOIN StringIds AS s ON s.id = p.nameId
