-- Time that threads waited in synchronising CUDA calls in a window, by thread and call, the most first.
--
-- A device-wide call waits for all streams of the device, a stream-wide one for one stream, an event for one point in it.
-- Copies that wait are not here: see copy_time. Driver calls inside runtime calls count in both.
--
-- @reads   api_call
-- @param   from_ns     integer = 0                 Start of the window, ns since the session began.
-- @param   to_ns       integer = 9007199254740991  End of the window.
-- @param   top         integer = 20                Rows at most.
-- @column  pid         integer  Process.
-- @column  thread_id   integer  Thread that waited.
-- @column  name        text     Name of the call.
-- @column  waits_for   text     What the call waits for: device, stream or event.
-- @column  calls       integer  Calls that overlap the window.
-- @column  waited_ns   integer  Their time inside the window.
-- @column  longest_ns  integer  Whole length of the longest.
WITH call AS (
  SELECT
    global_pid,
    pid,
    thread_id,
    name,
    end_ns - start_ns AS dur_ns,
    min(end_ns, $to_ns) - max(start_ns, $from_ns) AS inside_ns,
    CASE
      WHEN name LIKE 'cudaDeviceSynchronize%' OR name LIKE 'cudaThreadSynchronize%' OR name LIKE 'cuCtxSynchronize%' THEN 'device'
      WHEN name LIKE 'cudaStreamSynchronize%' OR name LIKE 'cuStreamSynchronize%' THEN 'stream'
      WHEN name LIKE 'cudaEventSynchronize%' OR name LIKE 'cuEventSynchronize%' THEN 'event'
    END AS waits_for
  FROM api_call
  WHERE start_ns < $to_ns AND end_ns > $from_ns AND name LIKE 'cu%Synchronize%'
)
SELECT
  c.pid,
  c.thread_id,
  c.name,
  c.waits_for,
  count(*) AS calls,
  sum(c.inside_ns) AS waited_ns,
  max(c.dur_ns) AS longest_ns
FROM call AS c
WHERE c.waits_for IS NOT NULL
GROUP BY c.global_pid, c.pid, c.thread_id, c.name, c.waits_for
ORDER BY waited_ns DESC, c.global_pid, c.thread_id, c.name
LIMIT $top
