-- GPUs that the trace numbers twice, and numbers that it gives to two GPUs.
--
-- One UUID is one GPU. Where UUIDs are missing or blanked, one PCI address may be one GPU, or instances of one (MIG).
--
-- @reads   gpu
-- @column  gpu_id        integer  Number that the trace gives the GPU.
-- @column  other_gpu_id  integer  Another number of the same GPU; the same number where it stands for two.
-- @column  by            text     What tells: uuid (one GPU), bus (perhaps one GPU), number (two GPUs).
WITH known AS (
  SELECT gpu_id, bus, nullif(uuid, '00000000-0000-0000-0000-000000000000') AS uuid
  FROM gpu
),
pair AS (
  SELECT DISTINCT
    a.gpu_id,
    b.gpu_id AS other_gpu_id,
    CASE
      WHEN a.gpu_id = b.gpu_id THEN CASE WHEN a.uuid <> b.uuid OR (a.uuid IS NULL AND a.bus <> b.bus) THEN 'number' END
      WHEN a.uuid = b.uuid THEN 'uuid'
      WHEN a.bus = b.bus AND (a.uuid IS NULL OR b.uuid IS NULL) THEN 'bus'
    END AS by
  FROM known AS a
  JOIN known AS b ON a.gpu_id <= b.gpu_id
)
SELECT gpu_id, other_gpu_id, by
FROM pair
WHERE by IS NOT NULL
ORDER BY gpu_id, other_gpu_id, by
