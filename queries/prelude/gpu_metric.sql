-- One row per sample of a GPU hardware counter.
--
-- Samples are of the whole device, with no process, and end at the stamp.
--
-- @from    GPU_METRICS: timestamp, typeId, metricId, value
-- @from    TARGET_INFO_GPU_METRICS: typeId, metricId, metricName
-- @column  t_ns       integer  When the sample ended, ns since the session began.
-- @column  type_id    int32    Source of the sample: the GPU is in its low byte.
-- @column  metric_id  int32    Number of the metric, stable only inside one trace.
-- @column  value      integer  Value, mostly percent.
-- @column  name       text     Name of the metric.
SELECT
  m.timestamp AS t_ns,
  m.typeId AS type_id,
  m.metricId AS metric_id,
  m.value AS value,
  i.metricName AS name
FROM GPU_METRICS AS m
JOIN TARGET_INFO_GPU_METRICS AS i ON i.typeId = m.typeId AND i.metricId = m.metricId
