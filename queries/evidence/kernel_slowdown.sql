-- Kernels that took longer inside a window than outside it, the most lost time first.
--
-- The same kernel with the same launch shape on the same device does the same work, as a rule: if it takes longer, something slows the
-- device. A kernel is compared where it ran 3 times inside and 5 times outside. Without a window there is no
-- outside, and no answer. Kernels of collectives are compared like others, although their length is mostly waiting.
--
-- @reads   kernel, name?
-- @param   from_ns            integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns              integer = 9007199254740991  End of the window; kernels that overlap it are inside.
-- @param   top                integer = 20                Rows at most.
-- @column  name               text?    Kernel; two rows alike differ in template arguments.
-- @column  device_id          integer  GPU as CUDA numbers it inside the process.
-- @column  grid_x             integer  Blocks in x.
-- @column  grid_yz            integer  Blocks in y times blocks in z.
-- @column  runs_inside        integer  Kernels inside the window.
-- @column  median_inside_ns   integer  Their median length.
-- @column  median_outside_ns  integer  Median length of those outside.
-- @column  ratio              real?    median_inside_ns over median_outside_ns.
-- @column  excess_ns          integer  Time of all inside, beyond what they would take at the median outside.
WITH shape AS (
  SELECT
    min(name_id) AS name_id,
    full_name_id,
    device_id,
    grid_x,
    grid_yz,
    count(*) FILTER (WHERE start_ns < $to_ns AND end_ns > $from_ns) AS runs_inside,
    count(*) AS runs,
    sum(end_ns - start_ns) FILTER (WHERE start_ns < $to_ns AND end_ns > $from_ns) AS inside_ns,
    median(end_ns - start_ns) FILTER (WHERE start_ns < $to_ns AND end_ns > $from_ns) AS median_inside,
    median(end_ns - start_ns) FILTER (WHERE NOT (start_ns < $to_ns AND end_ns > $from_ns)) AS median_outside
  FROM kernel
  GROUP BY full_name_id, device_id, grid_x, grid_yz
)
SELECT
  n.name AS name,
  s.device_id,
  s.grid_x,
  s.grid_yz,
  s.runs_inside,
  CAST(round(s.median_inside) AS integer) AS median_inside_ns,
  CAST(round(s.median_outside) AS integer) AS median_outside_ns,
  round(s.median_inside / nullif(s.median_outside, 0), 3) AS ratio,
  CAST(round(s.inside_ns - s.runs_inside * s.median_outside) AS integer) AS excess_ns
FROM shape AS s
LEFT JOIN name AS n ON n.name_id = s.name_id
WHERE s.runs_inside >= 3 AND s.runs - s.runs_inside >= 5
ORDER BY excess_ns DESC, n.name, s.device_id, s.grid_x, s.grid_yz, s.full_name_id
LIMIT $top
