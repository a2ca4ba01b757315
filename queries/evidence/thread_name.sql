-- Names of processes and of their threads.
--
-- A process and a thread that the trace does not name are not here.
--
-- @reads   process?, thread?
-- @column  pid        integer   Process.
-- @column  thread_id  integer?  Thread; NULL for the process itself.
-- @column  name       text      Name.
SELECT pid, NULL AS thread_id, name FROM process WHERE name IS NOT NULL
UNION
SELECT pid, thread_id, name FROM thread WHERE name IS NOT NULL
ORDER BY pid, thread_id, name
