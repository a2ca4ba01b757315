-- How the trace was exported: product and schema versions.
--
-- Host, user and paths are left out: they hold secrets.
--
-- @from    META_DATA_EXPORT: name, value
-- @column  name   text   Key.
-- @column  value  text?  Value.
SELECT e.name AS name, e.value AS value
FROM META_DATA_EXPORT AS e
WHERE e.name LIKE 'EXPORT_PRODUCT%' OR e.name LIKE 'EXPORT_SCHEMA%' OR e.name LIKE '%TIME_SHIFT' OR e.name LIKE '%NORMALIZE'
