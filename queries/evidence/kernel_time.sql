-- Kernels in a window, the longest first.
--
-- Kernels of one device may run at the same time, on several streams or of several processes.
--
-- @reads   kernel
-- @param   from_ns    integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns      integer = 9007199254740991  End of the window; kernels that overlap it are shown whole.
-- @param   top        integer = 20                Rows at most.
-- @column  device_id  integer   GPU as CUDA numbers it inside the process.
-- @column  stream_id  integer   CUDA stream.
-- @column  pid        integer?  Process.
-- @column  name       text?     Kernel.
-- @column  start_ns   integer   Start.
-- @column  dur_ns     integer   Length.
SELECT
  device_id,
  stream_id,
  pid,
  name,
  start_ns,
  end_ns - start_ns AS dur_ns
FROM kernel
WHERE start_ns < $to_ns AND end_ns > $from_ns
ORDER BY dur_ns DESC, start_ns, device_id, global_pid, stream_id, name
LIMIT $top
