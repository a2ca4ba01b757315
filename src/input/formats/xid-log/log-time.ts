import { parseLocalTimestamp } from '#input/time/local-timestamp';
import type { When } from '#input/time/sample-clock';

export interface LogTime extends When {
  readonly kind: 'zoned' | 'zoneless' | 'monotonic';
  readonly ns: bigint;
}

const UPTIME = /^\s*(\d{1,9})\.(\d{1,9})$/;
/**
 * The kernel stamps its log by the clock of a CPU, which runs free. CLOCK_MONOTONIC is kept in step by a time server, by at most
 * 500 ppm (MAXFREQ of adjtimex, man 2 adjtimex): the two part by no more than that share of the uptime.
 */
const LARGEST_DRIFT = 500e-6;

/** Of a line of `journalctl -o json`: microseconds since 1970 at which the journal took it, wherever in the object that stands. */
const JOURNAL = /"__REALTIME_TIMESTAMP"\s*:\s*"(\d{16})"/;

/** The time of a line of journalctl's JSON; undefined for any other line. */
export const journalTime = (line: string): LogTime | undefined => {
  const [, us] = line.startsWith('{') ? (JOURNAL.exec(line) ?? []) : [];
  return us === undefined ? undefined : { kind: 'zoned', ns: BigInt(us) * 1000n, resolution_ms: 0.001 };
};

/**
 * The time in what stands before a message: a date with a zone first in the line, else `[Sun Feb 23 16:24:18 2025]`, `[ 1234.567890]`, or a date without a zone.
 * Undefined where there is none, or one without a year.
 */
export const readLogTime = (before: string): LogTime | undefined => {
  const leading = parseLocalTimestamp(before.trim().split(/\s/, 1)[0] ?? '');
  // rsyslog and journald put a date with a zone before the uptime in brackets: it is when the line came, to the microsecond.
  if (leading?.zoned === true) return { kind: 'zoned', ns: leading.ns, resolution_ms: leading.resolution_ms };
  const inside = /\[([^\]]{3,40})\]/.exec(before)?.[1];
  const [, seconds, fraction = ''] = UPTIME.exec(inside ?? '') ?? [];
  if (seconds !== undefined) {
    const ns = BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
    return { kind: 'monotonic', ns, resolution_ms: (Number(ns) / 1e6) * LARGEST_DRIFT };
  }
  // Other modules name themselves in brackets: a time first in the line counts then.
  const stamp = parseLocalTimestamp(inside ?? '') ?? leading;
  return stamp === undefined ? undefined : { kind: stamp.zoned ? 'zoned' : 'zoneless', ns: stamp.ns, resolution_ms: stamp.resolution_ms };
};
