import { EMPTY_HOST } from '#input/series/empty-rows';
import type { Sampled } from '#input/series/sampled';
import { badRecord, quote } from '#input/text/bad-record';
import type { Table, TableRow } from '#input/text/table';
import type { WarningCounter } from '#input/text/warning-counter';
import type { HostSampleRow } from '#schema/relation';
import { fieldOf, type HostField, isSpare, TIME } from './columns.ts';

const COUNT = /^\d{1,20}(?:\.\d{1,20})?$/;
const MISSING = /^(?:|-|n\/?a|nan|null|none)$/i;

export interface HostSample extends Sampled {
  /** Its `t_ms` is not yet set. */
  readonly row: HostSampleRow;
}

/** @throws ForensicsError 'bad-record' when there is no time column, or a cell makes no sense. */
export const readSamples = (table: Table, source: string, counter: WarningCounter): HostSample[] => {
  const layout = layOut(table, source, counter);
  const samples: HostSample[] = [];
  for (const tableRow of table.rows) {
    const ns = stampOf(tableRow, layout, source);
    if (ns !== undefined) samples.push({ line: tableRow.line, text: tableRow.text, ns, row: rowOf(tableRow, layout, source) });
  }
  return samples;
};

interface Layout {
  readonly time: number;
  readonly fields: readonly { readonly index: number; readonly column: string; readonly field: HostField }[];
}

const layOut = ({ columns, headerLine }: Table, source: string, counter: WarningCounter): Layout => {
  const time = columns.indexOf(TIME);
  if (time < 0) {
    throw badRecord(
      { source, line: headerLine, field: TIME },
      'the column is missing',
      'Add a column time_ns with nanoseconds since 1970.',
    );
  }
  const taken = new Set<HostField>();
  const fields = columns.flatMap((column, index) => {
    const field = fieldOf(column);
    if (field === undefined || taken.has(field)) return [];
    taken.add(field);
    return [{ index, column, field }];
  });
  const ignored = columns.filter((column, i) => i !== time && !isSpare(column) && !fields.some(({ index }) => index === i));
  if (ignored.length > 0)
    counter.note('columns that are not known, or there twice, were ignored', headerLine, ignored.map(quote).join(', '));
  return { time, fields };
};

/** Undefined for a last line that is cut off in its time. */
const stampOf = ({ cells, cut, line }: TableRow, { time }: Layout, source: string): bigint | undefined => {
  const cell = cells[time] ?? '';
  if (cut && cell === '') return undefined;
  if (/^-?\d{1,19}$/.test(cell)) return BigInt(cell);
  const hint = 'Write nanoseconds since 1970 in full digits, without a point or an exponent.';
  throw badRecord({ source, line, field: TIME }, `${quote(cell)} is not a whole number of nanoseconds`, hint);
};

const rowOf = ({ cells, line }: TableRow, { fields }: Layout, source: string): HostSampleRow => {
  const row = { ...EMPTY_HOST };
  for (const { index, column, field } of fields) {
    const cell = cells[index] ?? '';
    if (COUNT.test(cell)) row[field] = Number(cell);
    else if (!MISSING.test(cell)) {
      throw badRecord(
        { source, line, field: column },
        `${quote(cell)} is not a count`,
        'Leave a field empty where the value is not known.',
      );
    }
  }
  return row;
};
