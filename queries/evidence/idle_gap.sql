-- Stretches in which a GPU ran nothing at all, the longest first.
--
-- All streams and processes of the GPU are laid together first, so one busy stream hides an idle one. Processes may number
-- the same GPU differently: gpu_id tells GPUs apart, device_id is what the process whose work ended the gap calls it. What came
-- before the first and after the last work is no gap: nothing says that the GPU was wanted.
--
-- @reads   kernel, memcpy?, memset?, graph_launch?, cuda_device?, name?
-- @param   from_ns                  integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns                    integer = 9007199254740991  End of the window; gaps that overlap it are shown whole.
-- @param   min_gap_ns               integer = 100000            Shorter gaps are left out.
-- @param   pid                      integer = -1                Only gaps that work of this process ended; -1 for all.
-- @param   top                      integer = 20                Rows at most.
-- @column  gpu_id                   integer   GPU as the trace numbers it, or as CUDA does where the trace does not say.
-- @column  device_id                integer   GPU as CUDA numbers it inside the process that ended the gap.
-- @column  start_ns                 integer   When the last work ended.
-- @column  dur_ns                   integer   Length of the gap.
-- @column  ended_by_name            text?     Kernel that ended the gap, or 'memory copy', 'memory fill', 'CUDA graph'.
-- @column  ended_by_pid             integer?  Process of the work that ended the gap.
-- @column  ended_by_correlation_id  integer   Id of the call that launched it, unique inside that process.
WITH work AS (
  SELECT start_ns, end_ns, device_id, global_pid, pid, correlation_id, name_id FROM kernel
  UNION ALL
  SELECT start_ns, end_ns, device_id, global_pid, pid, correlation_id, -1 FROM memcpy
  UNION ALL
  SELECT start_ns, end_ns, device_id, global_pid, pid, correlation_id, -2 FROM memset
  UNION ALL
  SELECT start_ns, end_ns, device_id, global_pid, pid, correlation_id, -3 FROM graph_launch
),
placed AS (
  SELECT coalesce(d.gpu_id, w.device_id) AS gpu_id, w.*
  FROM work AS w
  LEFT JOIN cuda_device AS d ON d.device_id = w.device_id AND d.pid = w.pid
),
-- Only the window is sorted: of the rest it takes the last end before it and the first start after it.
edge AS (
  SELECT
    gpu_id,
    max(CASE WHEN start_ns < $from_ns THEN end_ns END) AS idle_from_ns,
    min(CASE WHEN start_ns >= $to_ns THEN start_ns END) AS busy_from_ns
  FROM placed
  GROUP BY gpu_id
),
busy AS (
  SELECT
    p.gpu_id,
    p.device_id,
    max(
      coalesce(max(p.end_ns) OVER before_me, e.idle_from_ns),
      coalesce(e.idle_from_ns, max(p.end_ns) OVER before_me)
    ) AS idle_from_ns,
    p.start_ns AS busy_from_ns,
    p.global_pid,
    p.pid,
    p.correlation_id,
    p.name_id
  FROM placed AS p
  LEFT JOIN edge AS e ON e.gpu_id = p.gpu_id
  WHERE p.start_ns >= $from_ns AND p.start_ns <= coalesce(e.busy_from_ns, $to_ns)
  WINDOW before_me AS (
    PARTITION BY p.gpu_id ORDER BY p.start_ns, p.correlation_id, p.global_pid, p.name_id, p.end_ns
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  )
)
SELECT
  b.gpu_id,
  b.device_id,
  b.idle_from_ns AS start_ns,
  b.busy_from_ns - b.idle_from_ns AS dur_ns,
  CASE b.name_id WHEN -1 THEN 'memory copy' WHEN -2 THEN 'memory fill' WHEN -3 THEN 'CUDA graph' ELSE n.name END AS ended_by_name,
  b.pid AS ended_by_pid,
  b.correlation_id AS ended_by_correlation_id
FROM busy AS b
LEFT JOIN name AS n ON n.name_id = b.name_id
WHERE b.busy_from_ns - b.idle_from_ns >= max($min_gap_ns, 1) AND b.idle_from_ns < $to_ns AND b.busy_from_ns > $from_ns
  AND $pid IN (-1, b.pid)
ORDER BY dur_ns DESC, b.idle_from_ns, b.gpu_id
LIMIT $top
