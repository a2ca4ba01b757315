import type { Grid } from './block.ts';
import { elementsIn, type HtmlElement, plainTextIn } from './html-tree.ts';

/** Characters of HTML. More is no table that a person reads. */
const LONGEST_TABLE = 200_000;

/** Whether tables stand in this one: then it sets out a page, and they are what is read. */
export const holdsTables = (table: HtmlElement): boolean => elementsIn(table.childNodes, ['table']).length > 0;

/** A table; undefined for one that is too long, and for one without cells. `first` is the line of the file that line 1 of the HTML is. */
export function gridOf(table: HtmlElement, first: number): Grid | undefined {
  const place = table.sourceCodeLocation;
  if (place === null || place === undefined || place.endOffset - place.startOffset > LONGEST_TABLE) return undefined;
  const rows = elementsIn(table.childNodes, ['tr']).map(row => {
    const cells = elementsIn(row.childNodes, ['th', 'td']);
    const line = row.sourceCodeLocation?.startLine ?? cells[0]?.sourceCodeLocation?.startLine ?? place.startLine;
    return { line: first - 1 + line, cells: cells.map(cell => plainTextIn(cell.childNodes)) };
  });
  const [header, ...body] = rows.filter(row => row.cells.length > 0);
  return header === undefined ? undefined : { line: first - 1 + place.startLine, header: header.cells, rows: body };
}
