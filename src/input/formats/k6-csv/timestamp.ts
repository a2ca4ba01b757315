import { dateUnit, isEpochNs } from '#input/time/nanoseconds';
import { parseRfc3339, type Timestamp } from '#input/time/timestamp';

/** The values of K6_CSV_TIME_FORMAT that are numbers: how many ns one is. */
const NS = { seconds: 1_000_000_000n, milliseconds: 1_000_000n, microseconds: 1000n } as const;

/** Reads unix, unix_milli, unix_micro, unix_nano, rfc3339 and rfc3339_nano, told apart by their size; undefined for anything else. */
export const parseTimestamp = (cell: string): Timestamp | undefined => {
  if (!/^\d{10,19}$/.test(cell)) return parseRfc3339(cell);
  if (isEpochNs(BigInt(cell))) return { ns: BigInt(cell), zoned: true, resolution_ms: 0 };
  const unit = dateUnit(Number(cell));
  return unit === undefined ? undefined : { ns: BigInt(cell) * NS[unit], zoned: true, resolution_ms: Number(NS[unit]) / 1e6 };
};
