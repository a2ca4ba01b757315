-- The rows of api_call that can matter to a delay: calls of a microsecond or more, and shorter ones that put work or events on a stream.
--
-- More than half of a PyTorch program's calls are queries answered in well under a microsecond (the threshold from which calls
-- into the operating system are recorded, too). Leaving them out halves the time and memory that reading the calls takes.
--
-- @from    CUPTI_ACTIVITY_KIND_RUNTIME: start, "end", globalTid, correlationId, nameId
-- @from    StringIds?: id, value
-- @column  start_ns        integer  Start, ns since the session began.
-- @column  end_ns          integer  End, ns since the session began.
-- @column  global_pid      integer  Process, as the trace packs it (low 24 bits zero).
-- @column  pid             int32    Process, as the operating system numbers it.
-- @column  thread_id       int32    Host thread inside the process.
-- @column  correlation_id  int32    Joins the call to the GPU work it launched, inside one process.
-- @column  name_id         int32    Name, as an id of the relation name.
SELECT
  r.start AS start_ns,
  r."end" AS end_ns,
  r.globalTid & -16777216 AS global_pid,
  (r.globalTid >> 24) & 16777215 AS pid,
  r.globalTid & 16777215 AS thread_id,
  r.correlationId AS correlation_id,
  r.nameId AS name_id
FROM CUPTI_ACTIVITY_KIND_RUNTIME AS r
WHERE r."end" - r.start >= 1000 OR r.nameId IN (
  SELECT s.id FROM StringIds AS s
  WHERE s.value GLOB 'cu*' AND (
    s.value GLOB '*Launch*' OR s.value GLOB '*emcpy*' OR s.value GLOB '*emset*' OR s.value GLOB '*Prefetch*'
    OR s.value GLOB '*EventRecord*' OR s.value GLOB '*WaitEvent*'
    OR s.value GLOB '*BeginCapture*' OR s.value GLOB '*EndCapture*' OR s.value GLOB '*Profiler*'
  )
)
