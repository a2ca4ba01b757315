-- Kernels that a process ran for the first time in a window, the slowest launching call first.
--
-- With lazy loading, the first launch of a kernel on a device loads its code: the call takes milliseconds instead of microseconds.
-- What ran before the trace began is not known, so at the start of a trace all kernels look new.
--
-- @reads   kernel, api_call?
-- @param   from_ns         integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns           integer = 9007199254740991  End of the window; the kernel's first run starts in it.
-- @param   top             integer = 20                Rows at most.
-- @column  name            text?     Kernel; two rows alike differ in template arguments.
-- @column  pid             integer?  Process.
-- @column  device_id       integer   GPU as CUDA numbers it inside the process.
-- @column  start_ns        integer   Start of its first run there.
-- @column  launch_call_ns  integer?  Length of the CUDA call that launched it, NULL where no call was recorded.
WITH seen AS (
  SELECT DISTINCT global_pid, device_id, full_name_id FROM kernel WHERE start_ns < $from_ns
),
new AS MATERIALIZED (
  SELECT k.global_pid, k.device_id, k.full_name_id, CAST(min(k.start_ns) AS integer) AS start_ns
  FROM kernel AS k
  LEFT JOIN seen AS s ON s.full_name_id IS k.full_name_id AND s.device_id = k.device_id AND s.global_pid IS k.global_pid
  WHERE k.start_ns >= $from_ns AND k.start_ns < $to_ns AND s.device_id IS NULL
  GROUP BY k.global_pid, k.device_id, k.full_name_id
),
-- CROSS JOIN keeps the order: one pass over the many kernels or calls, each looked up among the few new kernels. The casts give
-- min() the type that an automatic index needs.
first AS MATERIALIZED (
  SELECT
    n.global_pid,
    n.device_id,
    n.full_name_id,
    n.start_ns,
    CAST(min(k.correlation_id) AS integer) AS correlation_id,
    min(k.pid) AS pid,
    min(k.name) AS name
  FROM kernel AS k
  CROSS JOIN new AS n
    ON n.start_ns = k.start_ns AND n.full_name_id IS k.full_name_id AND n.device_id = k.device_id AND n.global_pid IS k.global_pid
  GROUP BY n.global_pid, n.device_id, n.full_name_id
),
launch AS MATERIALIZED (
  SELECT a.global_pid, a.correlation_id, max(a.end_ns - a.start_ns) AS call_ns
  FROM api_call AS a
  CROSS JOIN first AS f ON f.correlation_id = a.correlation_id AND f.global_pid = a.global_pid
  GROUP BY a.global_pid, a.correlation_id
)
SELECT
  f.name,
  f.pid,
  f.device_id,
  f.start_ns,
  l.call_ns AS launch_call_ns
FROM first AS f
LEFT JOIN launch AS l ON l.correlation_id = f.correlation_id AND l.global_pid = f.global_pid
ORDER BY launch_call_ns DESC NULLS LAST, f.start_ns, f.global_pid, f.device_id, f.name, f.full_name_id
LIMIT $top
