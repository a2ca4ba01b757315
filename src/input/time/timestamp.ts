/** A moment as a file tells it. */
export interface Timestamp {
  /** Since 1970; a time without a zone is read as if it were UTC. */
  readonly ns: bigint;
  readonly zoned: boolean;
  /** The smallest step that this way of writing can show, ms. */
  readonly resolution_ms: number;
}

const DATE_TIME =
  /^(?<year>\d{4})[/-](?<month>\d{1,2})[/-](?<day>\d{1,2})[ T](?<hour>\d{1,2}):(?<minute>\d{2}):(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?\s*(?:(?<utc>Z|UTC|GMT)|(?<sign>[+-])(?<zoneHours>\d{2}):?(?<zoneMinutes>\d{2}))?$/i;
/** Go writes up to nine digits of a second, and either Z or an offset (https://www.rfc-editor.org/rfc/rfc3339#section-5.6). */
const RFC_3339 =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[Tt ](?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?(?:(?<utc>[Zz])|(?<sign>[+-])(?<zoneHours>\d\d):(?<zoneMinutes>\d\d))$/;
/** Epoch seconds with or without a fraction, or whole milli-, micro- or nanoseconds: told apart by their size. */
const EPOCH = /^([1-4]\d{9})(?:\.(\d{1,9})|(\d{3}|\d{6}|\d{9}))?$/;

/** Reads a time in any of the ways seen in files of samples; undefined if it is none of them. */
export const parseTimestamp = (cell: string): Timestamp | undefined => timestampBy(DATE_TIME, cell) ?? fromEpoch(cell);

/** Reads a time with its zone, exact to the nanosecond; undefined for anything else. */
export const parseRfc3339 = (text: string): Timestamp | undefined => timestampBy(RFC_3339, text);

/**
 * The moment that a way of writing finds in a text; undefined where it does not fit, and for a day or an hour that there is not. The
 * pattern names its groups (year, month, day, hour, minute, second; fraction; utc, or sign, zoneHours, zoneMinutes), so that they may
 * stand in any order.
 */
export const timestampBy = (pattern: RegExp, text: string): Timestamp | undefined => {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const number = (name: string) => Number(groups[name]);
  const [month, day, hour, minute, second] = [number('month'), number('day'), number('hour'), number('minute'), number('second')];
  const utc = Date.UTC(number('year'), month - 1, day, hour, minute, second);
  const back = new Date(utc);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = groups['sign'] === undefined ? 0 : Number(`${groups['sign']}1`) * (number('zoneHours') * 60 + number('zoneMinutes'));
  return stampOf(utc - offset * 60_000, groups['fraction'] ?? '', groups['utc'] !== undefined || groups['sign'] !== undefined);
};

const fromEpoch = (cell: string): Timestamp | undefined => {
  const [, seconds, fraction, more] = EPOCH.exec(cell) ?? [];
  return seconds === undefined ? undefined : stampOf(Number(seconds) * 1000, fraction ?? more ?? '', true);
};

const stampOf = (wholeMs: number, fraction: string, zoned: boolean): Timestamp => ({
  ns: BigInt(wholeMs) * 1_000_000n + BigInt(fraction.padEnd(9, '0')),
  zoned,
  resolution_ms: 10 ** (3 - fraction.length),
});
