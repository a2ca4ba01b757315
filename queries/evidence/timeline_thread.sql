-- What host threads did in a window, in order of time: CUDA calls, calls of the operating system, NVTX ranges.
--
-- What a viewer of traces draws on the track of each thread. Calls that overlap the window are shown whole.
--
-- @reads   api_call?, os_call?, nvtx_range?
-- @param   from_ns         integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns           integer = 9007199254740991  End of the window.
-- @param   top             integer = 2000000           Rows at most, the first.
-- @column  pid             integer   Process.
-- @column  thread_id       integer   Thread.
-- @column  kind            text      api, os or nvtx.
-- @column  name            text?     Call or range, where it has a name.
-- @column  correlation_id  integer?  Of a CUDA call: joins it to the GPU work that it launched, inside one process.
-- @column  start_ns        integer   Start.
-- @column  dur_ns          integer   Length.
WITH work AS (
  SELECT pid, thread_id, 'api' AS kind, name, correlation_id, start_ns, end_ns FROM api_call
  UNION ALL
  SELECT pid, thread_id, 'os', name, NULL, start_ns, end_ns FROM os_call
  UNION ALL
  SELECT pid, thread_id, 'nvtx', name, NULL, start_ns, end_ns FROM nvtx_range
)
SELECT
  pid,
  thread_id,
  kind,
  name,
  correlation_id,
  start_ns,
  end_ns - start_ns AS dur_ns
FROM work
WHERE start_ns < $to_ns AND end_ns > $from_ns
ORDER BY start_ns, dur_ns DESC, pid, thread_id, kind, name, correlation_id
LIMIT $top
