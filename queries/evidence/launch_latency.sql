-- How long kernels waited between the call that launched them and their start, by kernel, the longest wait first.
--
-- A long wait means that other work was queued before the kernel; a few microseconds is the cost of a launch. Kernels of a CUDA
-- graph share one call, so the later ones show long waits by nature. Kernels without a recorded call are left out.
--
-- @reads   kernel, api_call, name?
-- @param   from_ns    integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns      integer = 9007199254740991  End of the window; kernels that overlap it count.
-- @param   top        integer = 20                Rows at most.
-- @column  name       text?    Kernel.
-- @column  launches   integer  Kernels whose call is known.
-- @column  median_ns  integer  Median time from the start of the call to the start of the kernel.
-- @column  worst_ns   integer  Longest such time.
WITH wanted AS MATERIALIZED (
  SELECT name_id, start_ns, device_id, stream_id, graph_node_id, global_pid, correlation_id
  FROM kernel
  WHERE start_ns < $to_ns AND end_ns > $from_ns
),
launch AS (
  -- A runtime call and the driver call inside it can share an id: the outer one began the launch.
  -- CROSS JOIN keeps the order: one pass over the calls, each looked up among the kernels wanted.
  SELECT k.name_id, k.start_ns - min(a.start_ns) AS wait_ns
  FROM api_call AS a
  CROSS JOIN wanted AS k ON k.correlation_id = a.correlation_id AND k.global_pid = a.global_pid
  GROUP BY k.start_ns, k.global_pid, k.device_id, k.stream_id, k.correlation_id, k.graph_node_id
)
SELECT
  n.name AS name,
  count(*) AS launches,
  CAST(round(median(l.wait_ns)) AS integer) AS median_ns,
  max(l.wait_ns) AS worst_ns
FROM launch AS l
LEFT JOIN name AS n ON n.name_id = l.name_id
GROUP BY n.name
ORDER BY worst_ns DESC, n.name
LIMIT $top
