-- One row per page fault on managed memory (cudaMallocManaged), or group of them, where they were recorded.
--
-- A GPU's faults stop the kernel that makes them until the pages are there; the copies that bring them are in memcpy, kinds 11 to 13. A
-- CPU's have no length. Recorded with --cuda-um-gpu-page-faults=true and --cuda-um-cpu-page-faults=true; neither is by default.
--
-- @from    CUDA_UM_GPU_PAGE_FAULT_EVENTS?: start, "end", deviceId, globalPid?, numberOfPageFaults?
-- @from    CUDA_UM_CPU_PAGE_FAULT_EVENTS?: start, globalPid?
-- @column  start_ns    integer   Start, ns since the session began.
-- @column  end_ns      integer   End, ns since the session began; a CPU's ends as it starts.
-- @column  global_pid  integer?  Process, as the trace packs it (low 24 bits zero).
-- @column  pid         int32?    Process, as the operating system numbers it.
-- @column  device_id   int32?    GPU that made it, as CUDA numbers it inside the process; NULL for a CPU.
-- @column  faults      int32?    How many in this group.
SELECT
  g.start AS start_ns,
  g."end" AS end_ns,
  g.globalPid AS global_pid,
  (g.globalPid >> 24) & 16777215 AS pid,
  g.deviceId AS device_id,
  g.numberOfPageFaults AS faults
FROM CUDA_UM_GPU_PAGE_FAULT_EVENTS AS g
UNION ALL
SELECT
  c.start AS start_ns,
  c.start AS end_ns,
  c.globalPid AS global_pid,
  (c.globalPid >> 24) & 16777215 AS pid,
  NULL AS device_id,
  1 AS faults
FROM CUDA_UM_CPU_PAGE_FAULT_EVENTS AS c
