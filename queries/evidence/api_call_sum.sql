-- Time in CUDA calls in a window by name, the most first.
--
-- Threads are added up, and a driver call inside a runtime call counts in both: the sum over names can exceed the window.
--
-- @reads   api_call, name?
-- @param   from_ns     integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns       integer = 9007199254740991  End of the window.
-- @param   thread_id   integer = -1                Only calls of this thread; -1 for all.
-- @param   top         integer = 20                Rows at most.
-- @column  name        text?    Name of the call.
-- @column  calls       integer  Calls that overlap the window.
-- @column  total_ns    integer  Their time inside the window.
-- @column  longest_ns  integer  Whole length of the longest.
WITH call AS (
  SELECT
    name_id,
    count(*) AS calls,
    sum(min(end_ns, $to_ns) - max(start_ns, $from_ns)) AS total_ns,
    max(end_ns - start_ns) AS longest_ns
  FROM api_call
  WHERE start_ns < $to_ns AND end_ns > $from_ns AND $thread_id IN (-1, thread_id)
  GROUP BY name_id
)
SELECT n.name AS name, sum(c.calls) AS calls, sum(c.total_ns) AS total_ns, max(c.longest_ns) AS longest_ns
FROM call AS c
LEFT JOIN name AS n ON n.name_id = c.name_id
GROUP BY n.name
ORDER BY total_ns DESC, n.name
LIMIT $top
