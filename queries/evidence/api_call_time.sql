-- CUDA calls in a window, the longest first.
--
-- A driver call made inside a runtime call is a row of its own, and is part of the outer one's time.
--
-- @reads   api_call
-- @param   from_ns       integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns         integer = 9007199254740991  End of the window; calls that overlap it are shown whole.
-- @param   min_dur_ns    integer = 0                 Shorter calls are left out.
-- @param   thread_id     integer = -1                Only calls of this thread; -1 for all.
-- @param   top           integer = 20                Rows at most.
-- @column  start_ns      integer   Start of the call.
-- @column  dur_ns        integer   Length of the call.
-- @column  pid           integer   Process.
-- @column  thread_id     integer   Thread that called.
-- @column  name          text?     Name of the call.
-- @column  return_value  integer?  CUDA error code, 0 for success.
SELECT
  start_ns,
  end_ns - start_ns AS dur_ns,
  pid,
  thread_id,
  name,
  return_value
FROM api_call
WHERE start_ns < $to_ns AND end_ns > $from_ns AND end_ns - start_ns >= $min_dur_ns AND $thread_id IN (-1, thread_id)
ORDER BY dur_ns DESC, start_ns, global_pid, thread_id, name, return_value
LIMIT $top
