-- Memory copies in a window, the longest first.
--
-- A copy from or to pageable memory goes through a buffer of the driver, and holds the calling thread meanwhile.
--
-- @reads   memcpy
-- @param   from_ns     integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns       integer = 9007199254740991  End of the window; copies that overlap it are shown whole.
-- @param   top         integer = 20                Rows at most.
-- @column  start_ns    integer   Start.
-- @column  dur_ns      integer   Length.
-- @column  bytes       integer   Bytes copied.
-- @column  gb_per_s    real?     Rate in 10^9 bytes per second.
-- @column  kind        text      Direction, such as 'host to device'.
-- @column  src_memory  text      Kind of memory copied from: pageable, pinned, device, array, managed or unknown.
-- @column  dst_memory  text      Kind of memory copied to.
-- @column  pid         integer?  Process.
-- @column  device_id   integer   GPU as CUDA numbers it inside the process.
-- @column  stream_id   integer   CUDA stream.
WITH memory(id, word) AS (
  VALUES (0, 'pageable'), (1, 'pinned'), (2, 'device'), (3, 'array'), (4, 'managed'), (5, 'device'), (6, 'managed')
),
direction(id, word) AS (
  VALUES
    (1, 'host to device'), (2, 'device to host'), (3, 'host to array'), (4, 'array to host'), (5, 'array to array'),
    (6, 'array to device'), (7, 'device to array'), (8, 'device to device'), (9, 'host to host'), (10, 'peer to peer'),
    (11, 'unified memory: host to device'), (12, 'unified memory: device to host'), (13, 'unified memory: device to device')
)
SELECT
  c.start_ns,
  c.end_ns - c.start_ns AS dur_ns,
  c.bytes,
  round(1.0 * c.bytes / nullif(c.end_ns - c.start_ns, 0), 3) AS gb_per_s,
  coalesce((SELECT word FROM direction WHERE id = c.copy_kind), 'unknown') AS kind,
  coalesce((SELECT word FROM memory WHERE id = c.src_kind), 'unknown') AS src_memory,
  coalesce((SELECT word FROM memory WHERE id = c.dst_kind), 'unknown') AS dst_memory,
  c.pid,
  c.device_id,
  c.stream_id
FROM memcpy AS c
WHERE c.start_ns < $to_ns AND c.end_ns > $from_ns
ORDER BY dur_ns DESC, c.start_ns, c.device_id, c.global_pid, c.stream_id, c.bytes, c.copy_kind, c.src_kind, c.dst_kind
LIMIT $top
