-- What each CUDA stream did in a window, the busiest first.
--
-- Streams run side by side: their times add up to more than the device's.
--
-- @reads   kernel, memcpy?, memset?, graph_launch?
-- @param   from_ns     integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns       integer = 9007199254740991  End of the window.
-- @param   top         integer = 20                Rows at most.
-- @column  pid         integer?  Process.
-- @column  device_id   integer   GPU as CUDA numbers it inside the process.
-- @column  stream_id   integer   CUDA stream.
-- @column  operations  integer   Kernels, graphs, copies and fills that overlap the window.
-- @column  kernel_ns   integer   Time inside the window of kernels, and of CUDA graphs recorded as one row.
-- @column  copy_ns     integer   Time inside the window of copies and fills.
WITH work AS (
  SELECT global_pid, pid, device_id, stream_id, start_ns, end_ns, 1 AS computes FROM kernel
  UNION ALL
  SELECT global_pid, pid, device_id, stream_id, start_ns, end_ns, 1 FROM graph_launch
  UNION ALL
  SELECT global_pid, pid, device_id, stream_id, start_ns, end_ns, 0 FROM memcpy
  UNION ALL
  SELECT global_pid, pid, device_id, stream_id, start_ns, end_ns, 0 FROM memset
)
SELECT
  pid,
  device_id,
  stream_id,
  count(*) AS operations,
  sum(computes * (min(end_ns, $to_ns) - max(start_ns, $from_ns))) AS kernel_ns,
  sum((1 - computes) * (min(end_ns, $to_ns) - max(start_ns, $from_ns))) AS copy_ns
FROM work
WHERE start_ns < $to_ns AND end_ns > $from_ns
GROUP BY global_pid, pid, device_id, stream_id
ORDER BY kernel_ns + copy_ns DESC, global_pid, device_id, stream_id
LIMIT $top
