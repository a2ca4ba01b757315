import Papa from 'papaparse';
import { badRecord } from '#input/text/bad-record';
import { lines } from '#input/text/lines';
import { head, type Text } from '#input/text/text';
import type { WarningCounter } from '#input/text/warning-counter';

/** How the cells of a table are parted; the first that parts its header wins. */
const DELIMITERS = [',', ';', '\t', '|'] as const;
const SNIFFED_CHARS = 64 * 1024;

/** The header of a delimited table. */
export interface Header {
  readonly delimiter: string;
  readonly columns: readonly string[];
}

const split = (line: string, delimiter: string): string[] =>
  (Papa.parse<string[]>(line, { delimiter }).data[0] ?? []).map(cell => cell.trim());

/** The header in the first line of a text; undefined where that is no list of names. */
export function headerOf(text: Text): Header | undefined {
  const [first = ''] = head(text, SNIFFED_CHARS)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/, 1);
  const delimiter = DELIMITERS.find(d => first.includes(d));
  if (delimiter === undefined || /^\s*[{[<]/.test(first)) return undefined;
  const columns = split(first, delimiter);
  // Names, not values: no cell of a header is a number.
  return columns.length > 1 && columns.every(c => c !== '' && Number.isNaN(Number(c))) ? { delimiter, columns } : undefined;
}

/** A row of a table. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows below a header. A last one that is cut off is left out and noted. @throws ForensicsError bad-record for a row with more or fewer cells */
export function* rowsOf(text: Text, source: string, { delimiter, columns }: Header, counter: WarningCounter): Generator<Row, void> {
  let isFirst = true;
  for (const line of lines(text, source)) {
    if (isFirst) {
      isFirst = false;
      continue;
    }
    const cells = split(line.text, delimiter);
    if (cells.length === columns.length) yield { line: line.number, cells };
    else if (!line.ended) counter.note('the file ends in the middle of this record, which was left out', line.number);
    else
      throw badRecord(
        { source, line: line.number },
        `the line has ${cells.length} fields, but the header has ${columns.length}`,
        'Mend or delete this line.',
      );
  }
}
