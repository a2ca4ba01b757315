-- One row per time that a host thread was put on or taken off a CPU.
--
-- @from    SCHED_EVENTS: start, cpu, isSchedIn, globalTid
-- @column  t_ns        integer  When, ns since the session began.
-- @column  cpu         integer  CPU.
-- @column  is_in       integer  1 on, 0 off.
-- @column  global_pid  integer  Process, as the trace packs it (low 24 bits zero).
-- @column  thread_id   integer  Host thread inside the process.
SELECT
  e.start AS t_ns,
  e.cpu AS cpu,
  e.isSchedIn AS is_in,
  e.globalTid & -16777216 AS global_pid,
  e.globalTid & 16777215 AS thread_id
FROM SCHED_EVENTS AS e
