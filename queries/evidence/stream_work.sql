-- What each CUDA stream ran in a window, with short operations merged: what a drawing of it needs.
--
-- Operations that overlap the window are shown whole. Those shorter than `merge_ns` are counted together, one row for each stretch of that
-- length, so that there are never more rows than a drawing has room for.
--
-- @reads   kernel?, graph_launch?, memcpy?, memset?
-- @param   from_ns     integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns       integer = 9007199254740991  End of the window.
-- @param   merge_ns    integer = 0                 Operations shorter than this are merged; 0 for none.
-- @param   top         integer = 20000             Rows at most, the first.
-- @column  pid         integer?  Process.
-- @column  device_id   integer   GPU as CUDA numbers it inside the process.
-- @column  stream_id   integer   CUDA stream.
-- @column  kind        text      kernel, graph, copy or fill.
-- @column  name        text?     Kernel, where all of them have that name.
-- @column  operations  integer   How many operations.
-- @column  start_ns    integer   Start of the first.
-- @column  end_ns      integer   End of the last.
-- @column  busy_ns     integer   Their lengths together.
WITH work AS (
  SELECT pid, device_id, stream_id, 'kernel' AS kind, name, start_ns, end_ns FROM kernel
  UNION ALL
  SELECT pid, device_id, stream_id, 'graph', NULL, start_ns, end_ns FROM graph_launch
  UNION ALL
  SELECT pid, device_id, stream_id, 'copy', NULL, start_ns, end_ns FROM memcpy
  UNION ALL
  SELECT pid, device_id, stream_id, 'fill', NULL, start_ns, end_ns FROM memset
),
placed AS (
  SELECT
    pid,
    device_id,
    stream_id,
    kind,
    name,
    start_ns,
    end_ns,
    CASE WHEN end_ns - start_ns < $merge_ns THEN start_ns / $merge_ns END AS cell
  FROM work
  WHERE start_ns < $to_ns AND end_ns > $from_ns
)
SELECT
  pid,
  device_id,
  stream_id,
  kind,
  CASE WHEN min(name) = max(name) THEN min(name) END AS name,
  count(*) AS operations,
  min(start_ns) AS start_ns,
  max(end_ns) AS end_ns,
  sum(end_ns - start_ns) AS busy_ns
FROM placed
GROUP BY pid, device_id, stream_id, kind, cell, CASE WHEN cell IS NULL THEN start_ns END, CASE WHEN cell IS NULL THEN end_ns END
ORDER BY start_ns, end_ns DESC, pid, device_id, stream_id, kind, name
LIMIT $top
