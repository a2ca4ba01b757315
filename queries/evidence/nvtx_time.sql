-- Named ranges (NVTX) of the program in a window, the longest first.
--
-- A range covers what the host thread did, not the GPU work it launched. Ranges nest.
--
-- @reads   nvtx_range
-- @param   from_ns    integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns      integer = 9007199254740991  End of the window; ranges that overlap it are shown whole.
-- @param   top        integer = 20                Rows at most.
-- @column  start_ns   integer  Start.
-- @column  dur_ns     integer  Length.
-- @column  pid        integer  Process.
-- @column  thread_id  integer  Thread that opened the range.
-- @column  name       text?    Name that the program gave it.
SELECT
  start_ns,
  end_ns - start_ns AS dur_ns,
  pid,
  thread_id,
  name
FROM nvtx_range
WHERE start_ns < $to_ns AND end_ns > $from_ns
ORDER BY dur_ns DESC, start_ns, global_pid, thread_id, name
LIMIT $top
