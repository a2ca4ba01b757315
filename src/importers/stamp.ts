export interface Stamp {
  /** Since 1970; a time without a zone is read as if it were UTC. */
  readonly ns: bigint;
  readonly zoned: boolean;
  /** The smallest step that this way of writing can show, ms. */
  readonly resolution_ms: number;
}

const DATE_TIME =
  /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})[ T](\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s*(?:(Z|UTC|GMT)|([+-])(\d{2}):?(\d{2}))?$/i;
/** Epoch seconds with or without a fraction, or whole milli-, micro- or nanoseconds: told apart by their size. */
const EPOCH = /^([1-4]\d{9})(?:\.(\d{1,9})|(\d{3}|\d{6}|\d{9}))?$/;

/** Reads a time in any of the ways seen in such files; undefined if it is none of them. */
export const parseStamp = (cell: string): Stamp | undefined => fromDateTime(cell) ?? fromEpoch(cell);

const fromEpoch = (cell: string): Stamp | undefined => {
  const [, seconds, fraction, more] = EPOCH.exec(cell) ?? [];
  return seconds === undefined ? undefined : stamp(Number(seconds) * 1000, fraction ?? more ?? '', true);
};

const fromDateTime = (cell: string): Stamp | undefined => {
  const match = DATE_TIME.exec(cell);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(utc);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
  const [fraction = '', utcName, sign, zoneHours, zoneMinutes] = match.slice(7);
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  return stamp(utc - offset * 60_000, fraction, utcName !== undefined || sign !== undefined);
};

const stamp = (wholeMs: number, fraction: string, zoned: boolean): Stamp => ({
  ns: BigInt(wholeMs) * 1_000_000n + BigInt(fraction.padEnd(9, '0')),
  zoned,
  resolution_ms: 10 ** (3 - fraction.length),
});
