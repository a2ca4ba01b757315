-- One row per call into the operating system's libraries that took longer than the capture's threshold (1 us by default).
--
-- @from    OSRT_API: start, "end", globalTid, nameId, nestingLevel?
-- @from    StringIds?: id, value
-- @column  start_ns       integer   Start, ns since the session began.
-- @column  end_ns         integer   End, ns since the session began.
-- @column  global_pid     integer   Process, as the trace packs it (low 24 bits zero).
-- @column  pid            int32     Process, as the operating system numbers it.
-- @column  thread_id      int32     Host thread inside the process.
-- @column  name_id        int32     Name, as an id of the relation name.
-- @column  nesting_level  int32?    Depth, where calls nest.
-- @column  name           text?     Name of the call, such as pread or pthread_cond_wait.
SELECT
  o.start AS start_ns,
  o."end" AS end_ns,
  o.globalTid & -16777216 AS global_pid,
  (o.globalTid >> 24) & 16777215 AS pid,
  o.globalTid & 16777215 AS thread_id,
  o.nameId AS name_id,
  o.nestingLevel AS nesting_level,
  s.value AS name
FROM OSRT_API AS o
LEFT JOIN StringIds AS s ON s.id = o.nameId
WHERE o."end" IS NOT NULL
