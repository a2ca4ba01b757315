-- How busy the NVLinks of each GPU were, by direction and kind of packet.
--
-- User data is the payload: a write's travels in requests, a read's in responses (NCCL writes; on two H200 its all-reduce showed in
-- requests alone). Values are percent of all links of the GPU, whoever the peer. Links that are not active may appear fully used:
-- a counter whose least sample is 100 says nothing.
--
-- @reads   gpu_metric
-- @column  gpu          integer  GPU that was sampled.
-- @column  name         text     Name of the counter.
-- @column  samples      integer  Samples.
-- @column  percent_sum  integer  Sum of the samples, percent.
-- @column  least        integer  Least sample, percent.
-- @column  most         integer  Greatest sample, percent.
SELECT
  type_id & 255 AS gpu,
  name,
  count(*) AS samples,
  sum(value) AS percent_sum,
  min(value) AS least,
  max(value) AS most
FROM gpu_metric
WHERE name LIKE 'NVLink%User Data%' AND value BETWEEN 0 AND 100
GROUP BY type_id & 255, name
ORDER BY gpu, name
