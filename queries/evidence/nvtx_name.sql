-- Names of the program's ranges (NVTX), the most frequent first.
--
-- Tells what a program marks before its many ranges are read one by one.
--
-- @reads   nvtx_range
-- @param   top   integer = 20  Rows at most.
-- @column  name  text     Name that the program gave.
-- @column  n     integer  Closed ranges of that name.
SELECT
  name,
  count(*) AS n
FROM nvtx_range
WHERE name IS NOT NULL
GROUP BY name
ORDER BY n DESC, name
LIMIT $top
