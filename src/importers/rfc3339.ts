/** Go writes up to nine digits of a second, and either Z or an offset (RFC 3339, https://www.rfc-editor.org/rfc/rfc3339#section-5.6). */
const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

export interface Rfc3339 {
  /** Since 1970. */
  readonly ns: bigint;
  /** The smallest step that this way of writing can show, ms. */
  readonly resolution_ms: number;
}

/** Reads a time with its zone, exact to the nanosecond; undefined for anything else. */
export const parseRfc3339 = (text: string): Rfc3339 | undefined => {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(utc);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
  const [fraction = '', sign, zoneHours, zoneMinutes] = match.slice(7);
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  const ns = BigInt(utc - offset * 60_000) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
  return { ns, resolution_ms: 10 ** (3 - fraction.length) };
};
