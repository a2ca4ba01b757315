-- What some host threads did in a window, with short calls merged: what a drawing of it needs.
--
-- Calls and ranges that overlap the window are shown whole. Those shorter than `merge_ns` are counted together, one row for each stretch of
-- that length. Calls nest: their lengths may add up to more than the time that passed.
--
-- @reads   api_call?, os_call?, nvtx_range?
-- @param   from_ns        integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns          integer = 9007199254740991  End of the window.
-- @param   merge_ns       integer = 0                 Calls shorter than this are merged; 0 for none.
-- @param   thread_id      integer = -1                Thread; -1 for all.
-- @param   second_thread  integer = -2                Another thread; -2 for none.
-- @param   third_thread   integer = -2                A third one; -2 for none.
-- @param   top            integer = 20000             Rows at most, the first.
-- @column  pid            integer   Process.
-- @column  thread_id      integer   Thread.
-- @column  kind           text      api, os or nvtx.
-- @column  name           text?     Call or range, where all of them have that name.
-- @column  operations     integer   How many calls or ranges.
-- @column  start_ns       integer   Start of the first.
-- @column  end_ns         integer   End of the last.
-- @column  busy_ns        integer   Their lengths together.
WITH work AS (
  SELECT pid, thread_id, 'api' AS kind, name, start_ns, end_ns FROM api_call
  UNION ALL
  SELECT pid, thread_id, 'os', name, start_ns, end_ns FROM os_call
  UNION ALL
  SELECT pid, thread_id, 'nvtx', name, start_ns, end_ns FROM nvtx_range
),
placed AS (
  SELECT
    pid,
    thread_id,
    kind,
    name,
    start_ns,
    end_ns,
    CASE WHEN end_ns - start_ns < $merge_ns THEN start_ns / $merge_ns END AS cell
  FROM work
  WHERE start_ns < $to_ns AND end_ns > $from_ns AND ($thread_id = -1 OR thread_id IN ($thread_id, $second_thread, $third_thread))
)
SELECT
  pid,
  thread_id,
  kind,
  CASE WHEN min(name) = max(name) THEN min(name) END AS name,
  count(*) AS operations,
  min(start_ns) AS start_ns,
  max(end_ns) AS end_ns,
  sum(end_ns - start_ns) AS busy_ns
FROM placed
GROUP BY pid, thread_id, kind, cell, CASE WHEN cell IS NULL THEN start_ns END, CASE WHEN cell IS NULL THEN end_ns END
ORDER BY start_ns, end_ns DESC, pid, thread_id, kind, name
LIMIT $top
