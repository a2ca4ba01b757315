-- All GPU work in a window, in order of time: kernels, whole graphs, copies and fills.
--
-- What a viewer of traces draws on the track of each stream. Work that overlaps the window is shown whole.
--
-- @reads   kernel?, graph_launch?, memcpy?, memset?
-- @param   from_ns         integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns           integer = 9007199254740991  End of the window.
-- @param   top             integer = 2000000           Rows at most, the first.
-- @column  pid             integer?  Process.
-- @column  device_id       integer   GPU as CUDA numbers it inside the process.
-- @column  stream_id       integer   CUDA stream.
-- @column  kind            text      kernel, graph, copy or fill.
-- @column  name            text?     Kernel, where it has a name.
-- @column  correlation_id  integer?  Id of the launching call, unique inside one process.
-- @column  copy_kind       integer?  Of a copy: 1 host to device, 2 device to host, 8 device to device, 10 peer to peer.
-- @column  bytes           integer?  Bytes copied or filled.
-- @column  start_ns        integer   Start.
-- @column  dur_ns          integer   Length.
WITH work AS (
  SELECT pid, device_id, stream_id, 'kernel' AS kind, name, correlation_id, NULL AS copy_kind, NULL AS bytes, start_ns, end_ns FROM kernel
  UNION ALL
  SELECT pid, device_id, stream_id, 'graph', NULL, correlation_id, NULL, NULL, start_ns, end_ns FROM graph_launch
  UNION ALL
  SELECT pid, device_id, stream_id, 'copy', NULL, correlation_id, copy_kind, bytes, start_ns, end_ns FROM memcpy
  UNION ALL
  SELECT pid, device_id, stream_id, 'fill', NULL, correlation_id, NULL, bytes, start_ns, end_ns FROM memset
)
SELECT
  pid,
  device_id,
  stream_id,
  kind,
  name,
  correlation_id,
  copy_kind,
  bytes,
  start_ns,
  end_ns - start_ns AS dur_ns
FROM work
WHERE start_ns < $to_ns AND end_ns > $from_ns
ORDER BY start_ns, dur_ns DESC, pid, device_id, stream_id, kind, name, correlation_id, copy_kind, bytes
LIMIT $top
