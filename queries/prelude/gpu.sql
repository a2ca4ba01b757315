-- One row per GPU that the trace describes.
--
-- @from    TARGET_INFO_GPU: id, name?, busLocation?, uuid?, smCount?, totalMemory?, clockRate?, memoryBandwidth?
-- @column  gpu_id                   int32     Number that the trace gives the GPU.
-- @column  name                     text?     Product name.
-- @column  bus                      text?     PCI address.
-- @column  uuid                     text?     UUID.
-- @column  sm_count                 int32?    Streaming multiprocessors.
-- @column  memory_bytes             integer?  Memory, bytes.
-- @column  clock_hz                 integer?  Highest SM clock, Hz.
-- @column  memory_bytes_per_second  integer?  Memory bandwidth, bytes/s.
SELECT
  g.id AS gpu_id,
  g.name AS name,
  g.busLocation AS bus,
  g.uuid AS uuid,
  g.smCount AS sm_count,
  g.totalMemory AS memory_bytes,
  g.clockRate AS clock_hz,
  g.memoryBandwidth AS memory_bytes_per_second
FROM TARGET_INFO_GPU AS g
