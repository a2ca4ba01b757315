import type { Ms, Seconds } from '#core/units';
import { badRecord } from '#input/text/bad-record';
import type { ExactNs } from '#input/time/nanoseconds';
import { dateUnit } from '#input/time/nanoseconds';
import type { Clock } from '#schema/relation';
import type { HistogramLog } from './log.ts';

/** A first row that lies more than this before the start of the log does not count from 1970 (HistogramLogReader.java). */
const YEAR_S = 365 * 86_400;
/** Times are written with three decimals. */
const RESOLUTION_MS = 1;

interface Placed {
  readonly clock: Clock;
  readonly origin_ns: bigint;
  /** Milliseconds from the origin, of a start as written. */
  readonly startMs: (start_s: number) => number;
}

/**
 * On which clock the rows are: relative to a base time, relative to the start of the log, or absolute; a log with none of these times is
 * on a relative clock.
 * @throws ForensicsError 'bad-record' for a start of the log that is no date
 */
export const placeInTime = ({ intervals, start_s, base_s }: HistogramLog, source: string): Placed => {
  const first_s = intervals[0]?.start_s ?? 0;
  const zero_s = base_s ?? (start_s !== undefined && first_s < start_s - YEAR_S ? start_s : undefined);
  if (zero_s !== undefined) return { clock: epochClock(zero_s, source), origin_ns: nsOf(zero_s), startMs: start => toMs(start) };
  const absolute = dateUnit(first_s) === 'seconds';
  const earliest_s = intervals.reduce((least, interval) => Math.min(least, interval.start_s), first_s);
  return {
    clock: absolute ? { kind: 'epoch', uncertainty_ms: RESOLUTION_MS } : { kind: 'relative' },
    origin_ns: nsOf(earliest_s),
    startMs: start => Number(nsOf(start) - nsOf(earliest_s)) / 1e6,
  };
};

const epochClock = (zero_s: number, source: string): Clock => {
  if (dateUnit(zero_s) === 'seconds') return { kind: 'epoch', uncertainty_ms: RESOLUTION_MS };
  throw badRecord(
    { source, field: 'StartTime' },
    `${zero_s} is not a date in seconds since 1970`,
    'Mend the line #[StartTime: …] or delete it.',
  );
};

/** ns, from seconds that a double holds to the microsecond. */
const nsOf = (seconds: Seconds): ExactNs => BigInt(Math.round(seconds * 1e6)) * 1000n;
const toMs = (seconds: Seconds): Ms => Number(nsOf(seconds)) / 1e6;
