import type { Clock } from '#model/relation';

/** The limit that goes with local times. */
export const ZONELESS = 'The times carry no zone.';

/** Python writes YYYYMMDD-HHMMSS in file names and results. */
const COMPACT = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)()$/;
/** ISO 8601 without a zone, as datetime.now().isoformat() has it. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/;
/** What LoadGen of MLPerf and its power logs have: month first. */
const MONTH_FIRST = /^(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/;

export interface LocalTime {
  /** Since 1970, as if the time were UTC. */
  readonly ns: bigint;
  readonly clock: Clock;
}

/** Reads a wall-clock time without a zone; undefined for anything else. Its error is the smallest step that its way of writing can show. */
export const localTime = (text: string): LocalTime | undefined => {
  const monthFirst = MONTH_FIRST.exec(text);
  const parts = monthFirst ?? COMPACT.exec(text) ?? ISO.exec(text);
  if (parts === null) return undefined;
  const [a = 0, b = 0, c = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const [year, month, day] = monthFirst === null ? [a, b, c] : [c, a, b];
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(utc);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = parts[7] ?? '';
  return {
    ns: BigInt(utc) * 1_000_000n + BigInt(fraction.padEnd(9, '0')),
    clock: { kind: 'zoneless', uncertainty_ms: 10 ** (3 - fraction.length) },
  };
};
