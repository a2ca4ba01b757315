-- Named moments (NVTX marks) of the program in a window, the earliest first.
--
-- @reads   nvtx_mark
-- @param   from_ns    integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns      integer = 9007199254740991  End of the window.
-- @param   top        integer = 20                Rows at most.
-- @column  t_ns       integer  Moment.
-- @column  pid        integer  Process.
-- @column  thread_id  integer  Thread that made the mark.
-- @column  name       text     Name that the program gave it.
SELECT
  t_ns,
  pid,
  thread_id,
  name
FROM nvtx_mark
WHERE t_ns >= $from_ns AND t_ns < $to_ns AND name IS NOT NULL
ORDER BY t_ns, global_pid, thread_id, name
LIMIT $top
