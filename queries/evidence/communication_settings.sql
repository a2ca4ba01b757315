-- What the recorded environment says about communication between GPUs.
--
-- A setting appears once for each value that it had: processes of one trace may differ.
--
-- @reads   communication_setting
-- @column  name   text  Variable.
-- @column  value  text  Value.
SELECT name, value
FROM communication_setting
ORDER BY name, value
