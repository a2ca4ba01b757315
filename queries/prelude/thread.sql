-- One row per named host thread.
--
-- @from    ThreadNames: globalTid, nameId
-- @from    StringIds?: id, value
-- @column  global_pid  integer  Process, as the trace packs it (low 24 bits zero).
-- @column  pid         int32    Process, as the operating system numbers it.
-- @column  thread_id   int32    Host thread inside the process.
-- @column  name_id     int32    Name, as an id of the relation name.
-- @column  name        text?    Name.
SELECT
  t.globalTid & -16777216 AS global_pid,
  (t.globalTid >> 24) & 16777215 AS pid,
  t.globalTid & 16777215 AS thread_id,
  t.nameId AS name_id,
  s.value AS name
FROM ThreadNames AS t
LEFT JOIN StringIds AS s ON s.id = t.nameId
