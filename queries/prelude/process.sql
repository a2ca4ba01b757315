-- One row per process that the trace knows.
--
-- @from    PROCESSES: globalPid, pid, name?
-- @column  global_pid  integer  Process, as the trace packs it (low 24 bits zero).
-- @column  pid         int32    Process id.
-- @column  name        text?    Name of the executable.
SELECT p.globalPid AS global_pid, p.pid AS pid, p.name AS name FROM PROCESSES AS p
