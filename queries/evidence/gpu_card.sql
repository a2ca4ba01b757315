-- What tells each GPU of the trace from others.
--
-- Tools number GPUs each in its own way: CUDA by speed, the driver by address. Files around a trace are matched to it by these.
--
-- @reads   gpu
-- @column  gpu_id  integer  Number that the trace gives the GPU.
-- @column  bus     text?    PCI address.
-- @column  uuid    text?    UUID; zeros where the trace was redacted.
SELECT gpu_id, bus, uuid
FROM gpu
ORDER BY gpu_id, bus
