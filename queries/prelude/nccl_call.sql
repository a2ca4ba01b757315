-- One row per NCCL call of which the trace holds the NVTX payload: its communicator and the size of its message.
--
-- NCCL says by a payload what it was called with. nsys keeps it as bytes: eight each of domain, schema, size of the payload and size of
-- all, lowest first, then the fields where NVTX_PAYLOAD_SCHEMA_ENTRIES says (types 18 and 22 are 64 bits wide). Or it keeps it as JSON with
-- the fields' names as keys. Calls without the field, and payloads that are too short, are left out.
--
-- @from    NVTX_EVENTS: start, "end", textId?, globalTid, jsonText?, jsonTextId?, binaryData?
-- @from    NVTX_PAYLOAD_SCHEMA_ENTRIES?: schemaId, name, type, offset?
-- @from    StringIds?: id, value
-- @column  start_ns           integer   Start of the call, ns since the session began.
-- @column  end_ns             integer   End of the call, ns since the session began.
-- @column  global_pid         integer   Process, as the trace packs it (low 24 bits zero).
-- @column  pid                int32     Process, as the operating system numbers it.
-- @column  thread_id          int32     Host thread inside the process.
-- @column  name_id            int32?    Name of the call (ncclSend), as an id of the relation name, where the text was registered.
-- @column  communicator_high  int32     Upper part of the communicator's id: together with the lower part the same on all its ranks.
-- @column  communicator_low   int32     Lower part of it.
-- @column  bytes              integer?  Message that NCCL was called with; of an all-gather or reduce-scatter, one rank's part.
WITH
  digit (i) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7)),
  field AS (
    SELECT
      e.schemaId AS schema_id,
      33 + max(coalesce(e."offset", 0)) FILTER (WHERE e.name = 'NCCL communicator ID') AS communicator_at,
      33 + max(coalesce(e."offset", 0)) FILTER (WHERE e.name = 'Message size [bytes]') AS bytes_at
    FROM NVTX_PAYLOAD_SCHEMA_ENTRIES AS e
    WHERE e.type IN (18, 22)
    GROUP BY e.schemaId
  ),
  packed AS (
    SELECT n.start, n."end", n.globalTid, n.textId, CAST(n.binaryData AS BLOB) AS payload
    FROM NVTX_EVENTS AS n
    WHERE n.binaryData IS NOT NULL AND n."end" IS NOT NULL
  ),
  -- Numbers of 64 bits, lowest byte first, from the hexadecimal digits of their bytes; missing bytes count as zero.
  found AS (
    SELECT
      p.start, p."end", p.globalTid, p.textId, f.bytes_at,
      hex(substr(p.payload, f.communicator_at, 8)) AS communicator,
      hex(substr(p.payload, f.bytes_at, 8)) AS bytes
    FROM packed AS p
    JOIN field AS f ON f.schema_id = (
      SELECT sum((instr('123456789ABCDEF', substr(hex(substr(p.payload, 9 + d.i, 1)), 1, 1)) * 16
        + instr('123456789ABCDEF', substr(hex(substr(p.payload, 9 + d.i, 1)), 2, 1))) << (8 * d.i))
      FROM digit AS d
      WHERE d.i < 7
    )
    WHERE f.communicator_at IS NOT NULL AND length(p.payload) >= max(f.communicator_at, coalesce(f.bytes_at, 0)) + 7
  ),
  written AS (
    SELECT n.start, n."end", n.globalTid, n.textId, coalesce(n.jsonText, s.value) AS text
    FROM NVTX_EVENTS AS n
    LEFT JOIN StringIds AS s ON s.id = n.jsonTextId
    WHERE n."end" IS NOT NULL AND (n.jsonText IS NOT NULL OR n.jsonTextId IS NOT NULL)
      AND coalesce(n.jsonText, s.value) LIKE '%NCCL communicator ID%' AND json_valid(coalesce(n.jsonText, s.value))
  ),
  -- Ids may be written with thousands separators, and exceed 63 bits: their digits are kept in two parts.
  parsed AS (
    SELECT
      w.start, w."end", w.globalTid, w.textId,
      replace(trim(w.text -> '$."NCCL communicator ID"', '"'), ',', '') AS communicator,
      replace(trim(w.text -> '$."Message size [bytes]"', '"'), ',', '') AS bytes
    FROM written AS w
  )
SELECT
  f.start AS start_ns,
  f."end" AS end_ns,
  f.globalTid & -16777216 AS global_pid,
  (f.globalTid >> 24) & 16777215 AS pid,
  f.globalTid & 16777215 AS thread_id,
  f.textId AS name_id,
  (
    SELECT sum((instr('123456789ABCDEF', substr(f.communicator, 2 * d.i + 1, 1)) * 16
      + instr('123456789ABCDEF', substr(f.communicator, 2 * d.i + 2, 1))) << (8 * d.i - 32))
    FROM digit AS d
    WHERE d.i >= 4
  ) AS communicator_high,
  (
    SELECT sum((instr('123456789ABCDEF', substr(f.communicator, 2 * d.i + 1, 1)) * 16
      + instr('123456789ABCDEF', substr(f.communicator, 2 * d.i + 2, 1))) << (8 * d.i))
    FROM digit AS d
    WHERE d.i < 4
  ) AS communicator_low,
  (
    SELECT sum((instr('123456789ABCDEF', substr(f.bytes, 2 * d.i + 1, 1)) * 16
      + instr('123456789ABCDEF', substr(f.bytes, 2 * d.i + 2, 1))) << (8 * d.i))
    FROM digit AS d
    WHERE d.i < 7 AND f.bytes_at IS NOT NULL
  ) AS bytes
FROM found AS f
UNION ALL
SELECT
  p.start,
  p."end",
  p.globalTid & -16777216,
  (p.globalTid >> 24) & 16777215,
  p.globalTid & 16777215,
  p.textId,
  CAST(substr(p.communicator, 1, length(p.communicator) - 9) AS INTEGER),
  CAST(substr(p.communicator, -9) AS INTEGER),
  CAST(p.bytes AS INTEGER)
FROM parsed AS p
WHERE p.communicator <> ''
