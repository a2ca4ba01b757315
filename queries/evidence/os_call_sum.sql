-- Time in calls into the operating system in a window, by thread and name, the most first.
--
-- Calls shorter than the capture's threshold (1 us by default) were never recorded. Calls can nest: the time of a thread is no
-- more than the window, the sum over its rows can be.
--
-- @reads   os_call, name?
-- @param   from_ns     integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns       integer = 9007199254740991  End of the window.
-- @param   thread_id   integer = -1                Only calls of this thread; -1 for all.
-- @param   top         integer = 20                Rows at most.
-- @column  pid         integer  Process.
-- @column  thread_id   integer  Thread that called.
-- @column  name        text?    Name of the call.
-- @column  calls       integer  Calls that overlap the window.
-- @column  total_ns    integer  Their time inside the window.
-- @column  longest_ns  integer  Whole length of the longest.
WITH call AS (
  SELECT
    global_pid,
    pid,
    thread_id,
    name_id,
    count(*) AS calls,
    sum(min(end_ns, $to_ns) - max(start_ns, $from_ns)) AS total_ns,
    max(end_ns - start_ns) AS longest_ns
  FROM os_call
  WHERE start_ns < $to_ns AND end_ns > $from_ns AND $thread_id IN (-1, thread_id)
  GROUP BY global_pid, pid, thread_id, name_id
)
SELECT
  c.pid,
  c.thread_id,
  n.name AS name,
  sum(c.calls) AS calls,
  sum(c.total_ns) AS total_ns,
  max(c.longest_ns) AS longest_ns
FROM call AS c
LEFT JOIN name AS n ON n.name_id = c.name_id
GROUP BY c.global_pid, c.pid, c.thread_id, n.name
ORDER BY total_ns DESC, c.global_pid, c.thread_id, n.name
LIMIT $top
