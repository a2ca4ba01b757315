-- Kernels by name and launch shape, those that took the most time first.
--
-- The same kernel with the same launch shape does the same work, as a rule: so runs can be compared kernel by kernel. Devices and
-- processes are taken together. Kernels of collectives are among them, although their length is mostly waiting.
--
-- @reads   kernel, name?
-- @param   top        integer = 20  Rows at most.
-- @column  name       text?    Kernel; two rows alike differ in template arguments.
-- @column  grid_x     integer  Blocks in x.
-- @column  grid_yz    integer  Blocks in y times blocks in z.
-- @column  block      integer  Threads in a block.
-- @column  runs       integer  Launches.
-- @column  median_ns  integer  Their median length.
-- @column  total_ns   integer  All of them together.
WITH shape AS (
  SELECT
    min(name_id) AS name_id,
    full_name_id,
    grid_x,
    grid_yz,
    block,
    count(*) AS runs,
    CAST(round(median(end_ns - start_ns)) AS integer) AS median_ns,
    CAST(sum(end_ns - start_ns) AS integer) AS total_ns
  FROM kernel
  GROUP BY full_name_id, grid_x, grid_yz, block
)
SELECT n.name AS name, s.grid_x, s.grid_yz, s.block, s.runs, s.median_ns, s.total_ns
FROM shape AS s
LEFT JOIN name AS n ON n.name_id = s.name_id
ORDER BY s.total_ns DESC, n.name, s.grid_x, s.grid_yz, s.block, s.full_name_id
LIMIT $top
