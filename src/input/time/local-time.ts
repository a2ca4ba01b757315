import type { Clock } from '#schema/relation';
import { type Timestamp, timestampBy } from './timestamp.ts';

const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?$`;
const WAYS = [
  // Python writes YYYYMMDD-HHMMSS in file names and results.
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)-(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)$/,
  // ISO 8601 without a zone, as datetime.now().isoformat() has it.
  new RegExp(String.raw`^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[T ]${TIME}`),
  // What LoadGen of MLPerf and its power logs have: month first.
  new RegExp(String.raw`^(?<month>\d\d)-(?<day>\d\d)-(?<year>\d{4}) ${TIME}`),
] as const;

export interface LocalTime {
  /** Since 1970, as if the time were UTC. */
  readonly ns: bigint;
  readonly clock: Clock;
}

/**
 * Reads a wall-clock time without a zone, as load generators write when a run began or ended; undefined for anything else. Its error is
 * the smallest step that its way of writing can show.
 */
export const localTime = (text: string): LocalTime | undefined => {
  const stamp = WAYS.reduce<Timestamp | undefined>((found, way) => found ?? timestampBy(way, text), undefined);
  return stamp === undefined ? undefined : { ns: stamp.ns, clock: { kind: 'zoneless', uncertainty_ms: stamp.resolution_ms } };
};
