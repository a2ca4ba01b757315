-- One row per time that a host thread was put on or taken off a CPU.
--
-- @from    SCHED_EVENTS: start, cpu, isSchedIn, globalTid
-- @column  t_ns        integer  When, ns since the session began.
-- @column  cpu         int32    CPU.
-- @column  is_in       int32    1 on, 0 off.
-- @column  global_pid  integer  Process, as the trace packs it (low 24 bits zero).
-- @column  pid         int32    Process, as the operating system numbers it.
-- @column  thread_id   int32    Host thread inside the process.
SELECT
  e.start AS t_ns,
  e.cpu AS cpu,
  e.isSchedIn AS is_in,
  e.globalTid & -16777216 AS global_pid,
  (e.globalTid >> 24) & 16777215 AS pid,
  e.globalTid & 16777215 AS thread_id
FROM SCHED_EVENTS AS e
