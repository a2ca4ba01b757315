-- GPUs that the trace describes.
--
-- @reads   gpu
-- @column  gpu_id        integer   Number that the trace gives the GPU.
-- @column  name          text?     Product name.
-- @column  sm_count      integer?  Streaming multiprocessors.
-- @column  memory_bytes  integer?  Memory, bytes.
SELECT gpu_id, name, sm_count, memory_bytes
FROM gpu
ORDER BY gpu_id, name
