-- How the capture was taken: one row per option that the trace recorded.
--
-- Environment variables and command lines are left out: they hold secrets.
--
-- @from    META_DATA_CAPTURE: name, value
-- @column  name   text   Option.
-- @column  value  text?  Value.
SELECT c.name AS name, c.value AS value
FROM META_DATA_CAPTURE AS c
WHERE c.name NOT LIKE '%ENVIRONMENT%' AND c.name NOT LIKE '%ARGUMENT%' AND c.name NOT LIKE '%COMMAND%'
  AND c.name NOT LIKE '%USER_NAME%' AND c.name NOT LIKE '%DISPLAY_NAME%' AND c.name NOT LIKE '%WORKING_DIR%'
