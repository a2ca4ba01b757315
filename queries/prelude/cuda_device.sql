-- Which physical GPU a process means by its CUDA device number.
--
-- @from    TARGET_INFO_CUDA_DEVICE: gpuId, cudaId, pid
-- @column  gpu_id     int32    Number that the trace gives the GPU.
-- @column  device_id  int32    GPU as CUDA numbers it inside the process.
-- @column  pid        int32    Process id.
SELECT DISTINCT
  d.gpuId AS gpu_id,
  d.cudaId AS device_id,
  d.pid AS pid
FROM TARGET_INFO_CUDA_DEVICE AS d
