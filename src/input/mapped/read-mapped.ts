import { ForensicsError } from '#core/errors';
import { type RequestTimes, requestSeries } from '#input/series/request-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { isEpochNs, RELATIVE_LIMIT } from '#input/time/nanoseconds';
import type { Clock, RequestSeries } from '#schema/relation';
import { lengthOf, type Moment, momentOf, statusOf } from './cells.ts';
import type { ColumnMap, Field } from './columns.ts';
import { type Header, headerOf, type Row, rowsOf } from './table.ts';

const MAPPED = 'mapped-columns';
const UNIT_HINT = 'Say its unit after the column, as in start=ts:ms (ns, us, ms or s).';

/** Where the column of each field stands. @throws ForensicsError bad-argument */
function placesOf(map: ColumnMap, { columns }: Header, source: string): ReadonlyMap<Field, number> {
  return new Map(
    [...map].map(([field, { column }]) => {
      const at = columns.indexOf(column);
      if (at >= 0) return [field, at];
      throw new ForensicsError('bad-argument', `${source} has no column ${quote(column)}`, `Its columns: ${columns.join(', ')}.`);
    }),
  );
}

/** The cells of one row by field, read as what they are mapped to. */
class Cells {
  readonly #row: Row;
  readonly #map: ColumnMap;
  readonly #places: ReadonlyMap<Field, number>;
  readonly #source: string;

  constructor(row: Row, map: ColumnMap, places: ReadonlyMap<Field, number>, source: string) {
    this.#row = row;
    this.#map = map;
    this.#places = places;
    this.#source = source;
  }

  text(field: Field): string {
    const place = this.#places.get(field);
    return place === undefined ? '' : (this.#row.cells[place] ?? '');
  }

  #read<T>(field: Field, what: string, read: (cell: string) => T | undefined): T | null {
    const cell = this.text(field);
    if (cell === '') return null;
    const value = read(cell);
    if (value !== undefined) return value;
    const column = this.#map.get(field)?.column ?? field;
    throw badRecord({ source: this.#source, line: this.#row.line, field: column }, `${quote(cell)} is not ${what}`, UNIT_HINT);
  }

  moment(field: Field): Moment | null {
    const column = this.#map.get(field);
    return column === undefined ? null : this.#read(field, 'a moment whose unit is known', cell => momentOf(cell, column));
  }

  length(field: Field): bigint | null {
    const column = this.#map.get(field);
    const ns = column === undefined ? null : this.#read(field, 'a length of time whose unit is known', cell => lengthOf(cell, column));
    return ns === null ? null : BigInt(ns);
  }

  count(field: Field): number | null {
    return this.#read(field, 'a number', amount);
  }
}

function requestOf(cells: Cells, line: number, start: Moment): RequestTimes {
  const after = (length: bigint | null): bigint | null => (length === null ? null : start.ns + length);
  const id = cells.text('id');
  return {
    id: id === '' ? null : id,
    place: line,
    intended: cells.moment('intended')?.ns ?? null,
    arrival: start.ns,
    scheduled: cells.moment('scheduled')?.ns ?? null,
    firstToken: cells.moment('first_token')?.ns ?? after(cells.length('ttft')),
    finish: cells.moment('end')?.ns ?? after(cells.length('duration')),
    prompt_tokens: cells.count('prompt_tokens'),
    output_tokens: cells.count('output_tokens'),
    itl_ms: null,
    status: statusOf(cells.text('status')),
  };
}

/** The clock that the starts are on: plain numbers that are too small for a date count from some other zero. */
function clockOf(starts: readonly Moment[]): Clock {
  if (starts.some(s => !isEpochNs(s.ns))) return { kind: 'relative' };
  return starts.some(s => s.zoned === false) ? { kind: 'zoneless', uncertainty_ms: 0 } : { kind: 'epoch', uncertainty_ms: 0 };
}

/**
 * Reads a table of requests whose columns the user has mapped.
 * @throws ForensicsError unknown-format where the text has no header; bad-argument where a column is not in it; bad-record
 */
export function readMapped(text: Text, source: string, map: ColumnMap): RequestSeries {
  const header = headerOf(text);
  if (header === undefined)
    throw new ForensicsError(
      'unknown-format',
      `${source} has no line of headings that --columns could map`,
      'Put the names of its columns into the first line.',
    );
  const places = placesOf(map, header, source);
  const counter = new WarningCounter();
  const requests: RequestTimes[] = [];
  const starts: Moment[] = [];
  for (const row of rowsOf(text, source, header, counter)) {
    const cells = new Cells(row, map, places, source);
    const start = cells.moment('start');
    if (start === null) {
      counter.note('a request without a start was left out', row.line);
      continue;
    }
    starts.push(start);
    requests.push(requestOf(cells, row.line, start));
  }
  const clock = clockOf(starts);
  const limits = clock.kind === 'relative' ? [RELATIVE_LIMIT] : [];
  return requestSeries(requests, { format: MAPPED, source, clock, limits, warnings: [] }, counter);
}
