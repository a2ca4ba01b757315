import { assertOneResult } from '#input/series/one-result';
import { badRecord, quote, secondResult } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import type { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { type Counts, decodeCounts } from './decode.ts';

/** One row of the log. */
export interface Interval {
  readonly line: number;
  readonly tag: string | null;
  /** As written: since 1970, since the start of the log, or since the base time. */
  readonly start_s: number;
  readonly length_s: number;
  /** Interval_Max, in whatever unit the writer chose. */
  readonly max: number;
  readonly counts: Counts;
}

export interface HistogramLog {
  readonly intervals: readonly Interval[];
  /** "READ" in "#[Logging for: READ]". */
  readonly name: string | null;
  readonly jHiccup: boolean;
  /** Seconds since 1970, where the log has them. */
  readonly start_s: number | undefined;
  readonly base_s: number | undefined;
}

const ROW = /^(?:Tag=([^,]*),)?([^,]*),([^,]*),([^,]*),(HIST[A-Za-z0-9+/=]+)\s*$/;
/** The first line of a log. */
const VERSION = /^\ufeff?#\[Histogram log format version/;
const HINT = 'Give the log as it was written; mend or delete this line.';

/** @throws ForensicsError 'bad-record' naming the line of a row or histogram that cannot be read */
export const readLog = (text: Text, source: string, counter: WarningCounter): HistogramLog => {
  const intervals: Interval[] = [];
  const comments: string[] = [];
  for (const { number: line, text: row } of wholeLines(text, source, counter)) {
    if (VERSION.test(row) && comments.some(comment => VERSION.test(comment)))
      throw secondResult({ source, line }, 'another log begins here');
    if (row.startsWith('#')) comments.push(row);
    else if (!row.startsWith('"StartTimestamp"')) intervals.push(readRow(row, { source, line }));
  }
  if (intervals.length === 0) throw badRecord({ source }, 'the log holds no interval', 'Let the program run until it has written one.');
  assertOneResult(
    intervals.map(({ tag, start_s, length_s, max }) => `${tag} ${start_s} ${length_s} ${max}`),
    source,
  );
  const seconds = (name: string) =>
    comments
      .map(comment => amount(new RegExp(`^#\\[${name}: ([\\d.]{1,30}) `).exec(comment)?.[1] ?? ''))
      .find(value => value !== undefined);
  return {
    intervals,
    name: comments.map(comment => /^#\[Logging for: (.{1,200})\]/.exec(comment)?.[1]).find(name => name !== undefined) ?? null,
    jHiccup: comments.some(comment => /^#\[Logged with jHiccup/.test(comment)),
    start_s: seconds('StartTime'),
    base_s: seconds('BaseTime'),
  };
};

const readRow = (row: string, at: { source: string; line: number }): Interval => {
  const [, tag, start = '', length = '', max = '', histogram = ''] = ROW.exec(row) ?? [];
  const [start_s, length_s, most] = [start, length, max].map(cell => amount(cell.trim()));
  if (start_s === undefined || length_s === undefined || most === undefined)
    throw badRecord(at, `${quote(row)} is not a row of start, length, maximum and histogram`, HINT);
  const counts = decodeCounts(histogram);
  if (typeof counts === 'string') throw badRecord(at, `the histogram cannot be read (${counts})`, HINT);
  return { line: at.line, tag: tag ?? null, start_s, length_s, max: most, counts };
};
