import type { Hit } from '#input/series/http-hits';
import { badRecord, quote } from '#input/text/bad-record';
import type { TableRow } from '#input/text/table';
import { nsOfSeconds } from '#input/time/nanoseconds';

/** Longer than any load test: 30 days. */
const LONGEST_S = 30 * 86_400;
const SECONDS = /^\d{1,7}(?:\.\d{1,15})?(?:e-\d{1,2})?$/i;

/**
 * A time in seconds from a cell.
 * @throws ForensicsError 'bad-record'
 */
export const secondsOf = (cell: string, field: string, { line }: TableRow, source: string): number => {
  const value = SECONDS.test(cell) ? Number(cell) : Number.NaN;
  if (value <= LONGEST_S) return value;
  throw badRecord({ source, line, field }, `${quote(cell)} is not a time in seconds`, 'Mend or delete this line.');
};

/**
 * A status code from a cell: without one it is not known whether the request succeeded.
 * @throws ForensicsError 'bad-record'
 */
export const statusOf = (cell: string, field: string, { line }: TableRow, source: string): number => {
  if (/^\d{3}$/.test(cell)) return Number(cell);
  throw badRecord({ source, line, field }, `${quote(cell)} is not a status code`, 'Mend or delete this line.');
};

/** A request that began so many seconds after the start of the test. */
export const relativeHit = (line: number, start_s: number, duration_s: number, ok: boolean): Hit => {
  const start_ns = nsOfSeconds(start_s);
  return { line, start_ns, end_ns: start_ns + nsOfSeconds(duration_s), ok, name: '' };
};
