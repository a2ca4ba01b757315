import Table from 'cli-table3';
import Papa from 'papaparse';
import type { Row, Value } from '#app/query/protocol';
import { visible } from '#core/format/visible';
import { FORMULA } from '#report/render/formula';

export type RowFormat = 'table' | 'json' | 'csv';

const plain = (value: Value | undefined): string | number | null => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
};

/** A cell that a spreadsheet shows and does not run. */
const inert = (value: Value | undefined): string | number | null =>
  typeof value === 'string' && FORMULA.test(value) ? `'${value}` : plain(value);

const NO_LINES = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map(part => [part, '']),
);

/** cli-table3 compares the rows of a table pairwise, and runs out of stack beyond 100,000: a long table is made of short ones. */
const ROWS_AT_ONCE = 500;
/** Columns that a text may take: at most two for what is not ASCII. Too much is a wider column, too little would cut the text. */
const widthOf = (text: string) => [...text].reduce((sum, c) => sum + (c < '\u007f' ? 1 : 2), 0);

/** Columns apart by spaces, numbers flush right, nothing coloured: readable by people, `grep` and `awk`. */
function asTable(columns: readonly string[], rows: readonly Row[]): string {
  const isNumber = (c: string) => rows.length > 0 && rows.every(r => r[c] === null || typeof r[c] === 'number' || typeof r[c] === 'bigint');
  const lines = [columns.map(visible), ...rows.map(row => columns.map(c => visible(String(plain(row[c]) ?? 'NULL'))))];
  const blocks: string[] = [];
  const colWidths = columns.map((_, i) => lines.reduce((most, line) => Math.max(most, widthOf(line[i] ?? '')), 1));
  const colAligns = columns.map(c => (isNumber(c) ? 'right' : 'left'));
  for (let i = 0; i < lines.length; i += ROWS_AT_ONCE) {
    const table = new Table({
      colWidths,
      colAligns,
      style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
      chars: { ...NO_LINES, middle: '  ' },
    });
    table.push(...lines.slice(i, i + ROWS_AT_ONCE));
    blocks.push(table.toString());
  }
  return blocks.join('\n').replaceAll(/ +$/gm, '');
}

/**
 * Rows as text, with the line end that the format wants. JSON is an array of objects, in which integers beyond 2^53 are decimal
 * strings as everywhere in this package; CSV is RFC 4180, and a text that a spreadsheet would run begins with an apostrophe; bytes are hexadecimal in all.
 */
export function formatRows(format: RowFormat, columns: readonly string[], rows: readonly Row[]): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(
        rows.map(row => Object.fromEntries(columns.map(c => [c, plain(row[c])]))),
        null,
        2,
      )}\n`;
    case 'csv': {
      const data = rows.map(row => columns.map(c => inert(row[c])));
      return `${Papa.unparse({ fields: columns.map(c => String(inert(c))), data }, { newline: '\r\n' }).replace(/\r\n$/, '')}\r\n`;
    }
    case 'table':
      return `${asTable(columns, rows)}\n`;
  }
}
