-- One row per execution of a whole CUDA graph, where the trace was taken with --cuda-graph-trace=graph.
--
-- The kernels inside cannot be seen then: the row counts as busy, and nothing more can be said of it.
--
-- @from    CUPTI_ACTIVITY_KIND_GRAPH_TRACE: start, "end", deviceId, contextId, streamId, correlationId, globalPid?, graphId?, graphExecId?
-- @column  start_ns        integer   Start, ns since the session began.
-- @column  end_ns          integer   End, ns since the session began.
-- @column  device_id       integer   GPU as CUDA numbers it inside the process.
-- @column  context_id      integer?  CUDA context.
-- @column  stream_id       integer   CUDA stream.
-- @column  correlation_id  integer   Id of the launching call, unique inside one process.
-- @column  global_pid      integer?  Process, as the trace packs it (low 24 bits zero).
-- @column  graph_id        integer?  Graph.
-- @column  graph_exec_id   integer?  Instantiated graph.
SELECT
  g.start AS start_ns,
  g."end" AS end_ns,
  g.deviceId AS device_id,
  g.contextId AS context_id,
  g.streamId AS stream_id,
  g.correlationId AS correlation_id,
  g.globalPid AS global_pid,
  g.graphId AS graph_id,
  g.graphExecId AS graph_exec_id
FROM CUPTI_ACTIVITY_KIND_GRAPH_TRACE AS g
