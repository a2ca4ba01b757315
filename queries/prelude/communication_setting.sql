-- Settings of NCCL, and the few of CUDA that matter to communication, in the environment that the trace recorded.
--
-- Only these are read, by name: an environment holds secrets, and others of NCCL's variables hold names of hosts.
--
-- @from    META_DATA_CAPTURE: name, value
-- @column  name   text  Variable.
-- @column  value  text  Value, without quotes.
SELECT DISTINCT
  substr(c.value, 1, instr(c.value, '=') - 1) AS name,
  trim(substr(c.value, instr(c.value, '=') + 1), '"') AS value
FROM META_DATA_CAPTURE AS c
WHERE c.name LIKE '%ENVIRONMENT_VARIABLE' AND substr(c.value, 1, instr(c.value, '=') - 1) IN (
  'NCCL_P2P_DISABLE', 'NCCL_P2P_LEVEL', 'NCCL_P2P_DIRECT_DISABLE', 'NCCL_SHM_DISABLE', 'NCCL_IB_DISABLE', 'NCCL_NVLS_ENABLE',
  'NCCL_NET_GDR_LEVEL', 'NCCL_NET_GDR_DISABLE', 'NCCL_COLLNET_ENABLE', 'NCCL_ALGO', 'NCCL_PROTO', 'NCCL_MAX_NCHANNELS', 'NCCL_MAX_CTAS',
  'NCCL_LAUNCH_MODE', 'NCCL_DEBUG', 'CUDA_LAUNCH_BLOCKING', 'CUDA_DEVICE_MAX_CONNECTIONS', 'NCCL_VERSION'
)
