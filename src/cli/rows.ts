import Table from 'cli-table3';
import Papa from 'papaparse';
import type { Row, Value } from './query/protocol.ts';

export type RowFormat = 'table' | 'json' | 'csv';

const plain = (value: Value | undefined): string | number | null => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: names come out of traces; raw control characters would move the cursor.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const visible = (text: string) => text.replace(CONTROL, c => ESCAPES[c] ?? `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);

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

/** Columns apart by spaces, numbers flush right, nothing coloured: readable by people, `grep` and `awk`. */
function asTable(columns: readonly string[], rows: readonly Row[]): string {
  const isNumber = (c: string) => rows.length > 0 && rows.every(r => r[c] === null || typeof r[c] === 'number' || typeof r[c] === 'bigint');
  const table = new Table({
    head: columns.map(visible),
    colAligns: columns.map(c => (isNumber(c) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: { ...NO_LINES, middle: '  ' },
  });
  for (const row of rows) table.push(columns.map(c => visible(String(plain(row[c]) ?? 'NULL'))));
  return table.toString().replaceAll(/ +$/gm, '');
}

/**
 * Rows as text, with the line end that the format wants. JSON is an array of objects, in which integers beyond 2^53 are decimal
 * strings as everywhere in this package; CSV is RFC 4180; bytes are hexadecimal in all.
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
      const data = rows.map(row => columns.map(c => plain(row[c])));
      return `${Papa.unparse({ fields: [...columns], data }, { newline: '\r\n' }).replace(/\r\n$/, '')}\r\n`;
    }
    case 'table':
      return `${asTable(columns, rows)}\n`;
  }
}
