-- Page faults and migrations of managed memory in a window, by process and kind, the longest first.
--
-- Migrations that the program asked for (a prefetch) are a row of their own: they are no faults.
--
-- @reads   memcpy, page_fault?
-- @param   from_ns   integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns     integer = 9007199254740991  End of the window; what overlaps it is counted whole.
-- @param   top       integer = 20                Rows at most.
-- @column  pid       integer?  Process.
-- @column  what      text      faults of a GPU, faults of a CPU, to the device, to the host, between devices, or prefetched by the program.
-- @column  n         integer   Groups of faults, or copies.
-- @column  faults    integer?  Faults in them.
-- @column  bytes     integer?  Bytes moved.
-- @column  total_ns  integer   Their lengths together.
WITH event AS (
  SELECT
    pid,
    CASE
      WHEN migration_cause = 1 THEN 'prefetched by the program'
      WHEN copy_kind = 11 THEN 'to the device'
      WHEN copy_kind = 12 THEN 'to the host'
      ELSE 'between devices'
    END AS what,
    NULL AS faults,
    bytes,
    end_ns - start_ns AS dur_ns
  FROM memcpy
  WHERE copy_kind BETWEEN 11 AND 13 AND start_ns < $to_ns AND end_ns > $from_ns
  UNION ALL
  SELECT
    pid,
    CASE WHEN device_id IS NULL THEN 'faults of a CPU' ELSE 'faults of a GPU' END AS what,
    faults,
    NULL AS bytes,
    end_ns - start_ns AS dur_ns
  FROM page_fault
  WHERE start_ns < $to_ns AND end_ns >= $from_ns
)
SELECT pid, what, count(*) AS n, sum(faults) AS faults, sum(bytes) AS bytes, sum(dur_ns) AS total_ns
FROM event
GROUP BY pid, what
ORDER BY total_ns DESC, n DESC, pid, what
LIMIT $top
