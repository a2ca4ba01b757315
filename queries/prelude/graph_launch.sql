-- One row per execution of a whole CUDA graph, where the trace was taken with --cuda-graph-trace=graph.
--
-- The kernels inside cannot be seen then: the row counts as busy, and nothing more can be said of it.
-- What ended before the session began is left out, and a record without times is in untimed_op.
--
-- @from    CUPTI_ACTIVITY_KIND_GRAPH_TRACE: start, "end", deviceId, contextId, streamId, correlationId, globalPid?, graphId?, graphExecId?
-- @column  start_ns        integer   Start, ns since the session began.
-- @column  end_ns          integer   End, ns since the session began.
-- @column  device_id       int32     GPU as CUDA numbers it inside the process.
-- @column  context_id      int32?    CUDA context.
-- @column  stream_id       int32     CUDA stream.
-- @column  correlation_id  int32     Id of the launching call, unique inside one process.
-- @column  global_pid      integer?  Process, as the trace packs it (low 24 bits zero).
-- @column  pid             int32?    Process, as the operating system numbers it.
-- @column  graph_id        int32?    Graph.
-- @column  graph_exec_id   int32?    Instantiated graph.
SELECT
  g.start AS start_ns,
  g."end" AS end_ns,
  g.deviceId AS device_id,
  g.contextId AS context_id,
  g.streamId AS stream_id,
  g.correlationId AS correlation_id,
  g.globalPid AS global_pid,
  (g.globalPid >> 24) & 16777215 AS pid,
  g.graphId AS graph_id,
  g.graphExecId AS graph_exec_id
FROM CUPTI_ACTIVITY_KIND_GRAPH_TRACE AS g
WHERE g."end" > 0 OR g."end" IS NULL OR g."end" < g.start
