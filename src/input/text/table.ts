import Papa from 'papaparse';
import { badRecord, quote, secondResult } from './bad-record.ts';
import { type Line, lines } from './lines.ts';
import { head, type Text } from './text.ts';
import type { WarningCounter } from './warning-counter.ts';

export interface TableRow {
  readonly line: number;
  readonly text: string;
  /** Trimmed; as many as there are columns. */
  readonly cells: readonly string[];
  /** The last cell may have been cut off, and was therefore emptied. */
  readonly cut: boolean;
}

export interface Table {
  readonly columns: readonly string[];
  readonly headerLine: number;
  /** Can be walked once. */
  readonly rows: Iterable<TableRow>;
}

interface TableFormat {
  /** What a file of this format is called in messages. */
  readonly title: string;
  isHeader(cells: readonly string[]): boolean;
  /** Whether a last cell with no line break after it is complete beyond doubt. */
  isWhole(cell: string): boolean;
  /**
   * A recorder that is started again adds to its file, header and all. A load test writes its result once: a second header is a second
   * result, whose requests would be counted with those of the first.
   */
  readonly restarts: boolean;
}

/** The trimmed cells of one line of comma-separated values. Quotes are understood, line breaks inside them are not. */
export const splitCells = (line: string): string[] => {
  const cells = line.includes('"') ? (Papa.parse<string[]>(line, { delimiter: ',' }).data[0] ?? []) : line.split(',');
  return cells.map(cell => cell.trim());
};

const SNIFFED_LINES = 10;
const SNIFFED_CHARS = 64 * 1024;

/** The lines in which the header of a table is looked for. */
export const firstLines = (text: Text): string[] =>
  head(text, SNIFFED_CHARS)
    .split('\n', SNIFFED_LINES)
    .map(line => line.replace(/^\ufeff/, ''));

/** Headings start with a letter, most rows do not: spares rows the whole question. */
const mayBeHeader = (cells: readonly string[]): boolean => !/^[\d[-]/.test(cells[0] ?? '');

/**
 * Reads a table with a header, row by row. Repeated headers, messages between the rows and a cut-off end are left out and
 * noted in `counter`.
 * @throws ForensicsError 'bad-record' when there is no header, or (while walking) when a row has too few or too many fields.
 */
export const readTable = (text: Text, source: string, format: TableFormat, counter: WarningCounter): Table => {
  const rest = lines(text, source);
  for (let next = rest.next(); next.done !== true; next = rest.next()) {
    const columns = splitCells(next.value.text);
    if (!format.isHeader(columns)) {
      counter.note('text before the header was left out', next.value.number, quote(next.value.text));
      continue;
    }
    const header = { columns, text: next.value.text, line: next.value.number };
    return { columns, headerLine: header.line, rows: readRows(rest, header, source, format, counter) };
  }
  const what = head(text, SNIFFED_CHARS).trim() === '' ? 'the file is empty' : 'no header line was found';
  throw badRecord({ source }, what, `Give a file written by ${format.title}, with its header line.`);
};

interface Header {
  readonly columns: readonly string[];
  readonly text: string;
  readonly line: number;
}

function* readRows(
  rest: Iterable<Line>,
  header: Header,
  source: string,
  format: TableFormat,
  counter: WarningCounter,
): Generator<TableRow, void> {
  const count = header.columns.length;
  for (const { number: line, text, ended } of rest) {
    const cells = splitCells(text);
    if (text.endsWith(header.text)) {
      if (!format.restarts) throw secondResult({ source, line }, `the header of line ${header.line} stands here again`);
      const glued = text.length > header.text.length;
      counter.note(
        glued ? 'a cut-off line runs into a repeated header' : 'the header is repeated, as after a restart of the recording',
        line,
      );
    } else if (cells.length === count) {
      if (mayBeHeader(cells) && format.isHeader(cells)) throw otherHeader(source, line, header.line);
      yield ended || format.isWhole(cells[count - 1] ?? '') ? { line, text, cells, cut: false } : cutShort(line, text, cells, counter);
    } else if (!ended && cells.length < count) {
      counter.note('the file ends in the middle of this record, which was left out', line);
    } else if (format.isHeader(cells)) {
      throw otherHeader(source, line, header.line);
    } else if (cells.length === 1 && !/^[-\d.[]/.test(cells[0] ?? '')) {
      counter.note('a message instead of a record was left out', line, quote(text));
    } else {
      const what = `the line has ${cells.length} ${cells.length === 1 ? 'field' : 'fields'}, but the header (line ${header.line}) has ${count}`;
      throw badRecord({ source, line }, what, 'Mend or delete this line.');
    }
  }
}

const cutShort = (line: number, text: string, cells: readonly string[], counter: WarningCounter): TableRow => {
  counter.note('no line break ends the file, so the last value may be cut off and was taken as missing', line);
  return { line, text, cells: [...cells.slice(0, -1), ''], cut: true };
};

const otherHeader = (source: string, line: number, first: number) =>
  badRecord(
    { source, line },
    `a second header has other columns than the one in line ${first}`,
    'Two recordings were written to one file: cut it in two before this line.',
  );
