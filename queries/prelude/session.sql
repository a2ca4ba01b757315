-- When the collection began, in epoch time.
--
-- Every time in the trace counts from here: epoch = epoch_s * 1e9 + epoch_ns + start_ns. It is split because
-- epoch nanoseconds exceed 2^53.
--
-- @from    TARGET_INFO_SESSION_START_TIME: utcEpochNs
-- @column  epoch_s   integer  Whole seconds since 1970-01-01 UTC.
-- @column  epoch_ns  integer  Nanoseconds beyond epoch_s.
SELECT t.utcEpochNs / 1000000000 AS epoch_s, t.utcEpochNs % 1000000000 AS epoch_ns
FROM TARGET_INFO_SESSION_START_TIME AS t
WHERE typeof(t.utcEpochNs) = 'integer'
