import type { Ms, Seconds, Share } from '#core/units';
import { percentileNamed } from '#input/series/latency-figures';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { TableRow } from '#input/text/table';
import { dateUnit } from '#input/time/nanoseconds';

const TIME = 'Timestamp';
const USERS = 'User Count';
const TOTALS = {
  requests: 'Total Request Count',
  failures: 'Total Failure Count',
  median: 'Total Median Response Time',
  mean: 'Total Average Response Time',
  min: 'Total Min Response Time',
  max: 'Total Max Response Time',
} as const;
type Total = keyof typeof TOTALS;
export const NEEDED: readonly string[] = [TIME, USERS, 'Type', 'Name', TOTALS.requests, TOTALS.failures];

/** One row of the history: what Locust knew of one kind of request at one second. Times in ms; null for N/A. */
export interface HistoryRow extends Readonly<Record<Total, number | null>> {
  readonly time_s: Seconds;
  readonly users: number | null;
  readonly name: string;
  readonly percentiles: readonly { readonly q: Share; readonly ms: Ms }[];
}

export interface Layout {
  readonly of: (name: string) => number;
  readonly percentiles: readonly { readonly q: Share; readonly index: number; readonly heading: string }[];
}

/** Columns by name: the percentiles are whatever PERCENTILES_TO_REPORT was set to. */
export const layOut = (columns: readonly string[]): Layout => ({
  of: name => columns.indexOf(name),
  percentiles: columns.flatMap((heading, index) => {
    const q = heading.endsWith('%') ? percentileNamed(heading.slice(0, -1)) : undefined;
    return q === undefined ? [] : [{ q, index, heading }];
  }),
});

/** @throws ForensicsError 'bad-record' naming line and column */
export const readRow = (row: TableRow, layout: Layout, source: string): HistoryRow => {
  const number = (heading: string, index = layout.of(heading)): number | null => {
    const cell = row.cells[index] ?? '';
    if (cell === '' || cell === 'N/A' || cell === 'None') return null;
    const value = amount(cell);
    if (value === undefined)
      throw badRecord(
        { source, line: row.line, field: heading },
        `${quote(cell)} is neither an amount nor N/A`,
        'Mend or delete this line.',
      );
    return value;
  };
  const time = number(TIME);
  if (time === null || !Number.isInteger(time) || dateUnit(time) !== 'seconds')
    throw badRecord(
      { source, line: row.line, field: TIME },
      `${quote(row.cells[layout.of(TIME)])} is not a date in seconds`,
      'Mend or delete this line.',
    );
  const percentiles = layout.percentiles.flatMap(({ q, index, heading }) => {
    const ms = number(heading, index);
    return ms === null ? [] : [{ q, ms }];
  });
  return {
    time_s: time,
    users: number(USERS),
    name: [row.cells[layout.of('Type')], row.cells[layout.of('Name')]].filter(part => part !== '' && part !== 'None').join(' '),
    // Locust writes 0 throughout where no request ended in the last seconds: that is no latency.
    percentiles: percentiles.some(({ ms }) => ms > 0) ? percentiles : [],
    requests: number(TOTALS.requests),
    failures: number(TOTALS.failures),
    median: number(TOTALS.median),
    mean: number(TOTALS.mean),
    min: number(TOTALS.min),
    max: number(TOTALS.max),
  };
};

/** All rows of one kind of request, in the order of time; never empty. */
export interface Entry {
  readonly name: string;
  readonly rows: readonly HistoryRow[];
}

/** Rows by what they are of, the whole ("Aggregated") first. */
export const entriesOf = (rows: readonly HistoryRow[]): Entry[] => {
  const found = new Map<string, HistoryRow[]>();
  for (const row of rows) {
    const known = found.get(row.name);
    if (known === undefined) found.set(row.name, [row]);
    else known.push(row);
  }
  const inOrder = (a: HistoryRow, b: HistoryRow) => a.time_s - b.time_s || (a.requests ?? 0) - (b.requests ?? 0);
  const first = (name: string) => (name === 'Aggregated' ? 0 : 1);
  return [...found]
    .map(([name, all]) => ({ name, rows: all.toSorted(inOrder) }))
    .sort((a, b) => first(a.name) - first(b.name) || (a.name < b.name ? -1 : 1));
};
