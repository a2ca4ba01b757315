-- Which host threads launched GPU work in a window, the one with most launches first.
--
-- Launches of kernels and of graphs, by the names of the CUDA calls. A driver call made inside a runtime call counts, too.
--
-- @reads   api_call, thread?, process?
-- @param   from_ns       integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns         integer = 9007199254740991  End of the window.
-- @param   top           integer = 20                Rows at most.
-- @column  pid           integer  Process.
-- @column  thread_id     integer  Thread.
-- @column  launches      integer  Calls that launched kernels or graphs.
-- @column  thread_name   text?    What the thread calls itself.
-- @column  process_name  text?    Executable.
WITH launched AS (
  SELECT global_pid, pid, thread_id, count(*) AS launches
  FROM api_call
  WHERE start_ns < $to_ns AND end_ns > $from_ns AND (name LIKE 'cu%Launch%')
  GROUP BY global_pid, pid, thread_id
)
SELECT
  l.pid,
  l.thread_id,
  l.launches,
  (SELECT min(t.name) FROM thread AS t WHERE t.global_pid = l.global_pid AND t.thread_id = l.thread_id) AS thread_name,
  (SELECT min(p.name) FROM process AS p WHERE p.global_pid = l.global_pid) AS process_name
FROM launched AS l
ORDER BY launches DESC, l.global_pid, l.thread_id
LIMIT $top
