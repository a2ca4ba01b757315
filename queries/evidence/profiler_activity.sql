-- Stretches in a window in which the profiler itself held a thread, the longest first.
--
-- It is not the profiler's whole cost: what it adds to each call is not seen here.
--
-- @reads   profiler_overhead
-- @param   from_ns    integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns      integer = 9007199254740991  End of the window; stretches that overlap it are shown whole.
-- @param   top        integer = 20                Rows at most.
-- @column  start_ns   integer  Start.
-- @column  dur_ns     integer  Length.
-- @column  pid        integer  Process.
-- @column  thread_id  integer  Thread that was held.
-- @column  name       text?    What the profiler did.
SELECT
  start_ns,
  end_ns - start_ns AS dur_ns,
  pid,
  thread_id,
  name
FROM profiler_overhead
WHERE start_ns < $to_ns AND end_ns > $from_ns
ORDER BY dur_ns DESC, start_ns, global_pid, thread_id, name
LIMIT $top
