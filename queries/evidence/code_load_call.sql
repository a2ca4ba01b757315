-- Calls that load, link or compile GPU code in a window, the longest first.
--
-- With lazy loading, the first launch of a kernel loads its code inside the launching call: see first_kernel for those.
--
-- @reads   api_call
-- @param   from_ns    integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns      integer = 9007199254740991  End of the window; calls that overlap it are shown whole.
-- @param   top        integer = 20                Rows at most.
-- @column  start_ns   integer  Start of the call.
-- @column  dur_ns     integer  Length of the call.
-- @column  pid        integer  Process.
-- @column  thread_id  integer  Thread that called.
-- @column  name       text?    Name of the call.
SELECT
  start_ns,
  end_ns - start_ns AS dur_ns,
  pid,
  thread_id,
  name
FROM api_call
WHERE start_ns < $to_ns AND end_ns > $from_ns
  AND (
    name LIKE 'cuModuleLoad%' OR name LIKE 'cuLibraryLoad%' OR name LIKE 'cuLink%' OR name LIKE 'cudaLibraryLoad%'
    OR name LIKE 'cuFuncLoad%' OR name LIKE 'nvrtc%' OR name LIKE 'nvJitLink%'
  )
ORDER BY dur_ns DESC, start_ns, global_pid, thread_id, name
LIMIT $top
