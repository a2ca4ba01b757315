-- How the export shifted the times of the trace.
--
-- Options that were not given read 0 or false.
--
-- @reads   export_info
-- @column  name   text   Option.
-- @column  value  text?  Value.
SELECT name, value
FROM export_info
WHERE name LIKE '%TIME_SHIFT' OR name LIKE '%NORMALIZE'
ORDER BY name, value
