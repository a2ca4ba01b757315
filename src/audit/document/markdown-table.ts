import type { Table, TableRow } from 'mdast';
import { type Block, type Grid, type Line, textBlock } from './block.ts';
import { lineOf, linesIn, sourceOf, withBullets } from './markdown-lines.ts';

const rowOf = (row: TableRow): Grid['rows'][number] => ({
  line: lineOf(row),
  cells: row.children.map(({ children }) =>
    linesIn(children)
      .map(line => line.text)
      .join(' ')
      .trim(),
  ),
});

const gridOf = ([header, ...rows]: readonly TableRow[]): Grid => ({
  line: header === undefined ? 1 : lineOf(header),
  header: header === undefined ? [] : rowOf(header).cells,
  rows: rows.map(rowOf),
});

const tableBlock = (grid: Grid): Block => ({ kind: 'table', line: grid.line, grid, markup: 'markdown' });

/** A table, and the lines right below it that have no cells: GitHub takes them for its last rows. */
export function tableBlocks(text: string, { children }: Table): Block[] {
  const end = children.findIndex(row => !sourceOf(text, row).includes('|'));
  const rows = end < 0 ? children : children.slice(0, end);
  const below = end < 0 ? [] : children.slice(end).map(rowOf);
  const lines = below.map(({ line, cells }, i) => ({ line, text: cells.join(' '), begins: i === 0 }));
  return [tableBlock(gridOf(rows)), ...textBlock('prose', withBullets(lines))];
}

const RULE = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/;
const isRow = (line: Line | undefined): line is Line => line?.text.includes('|') === true;

/**
 * A paragraph that people read as a table, though the rule under its heading has too few or too many cells for Markdown; undefined for
 * all others. `parse` reads a text that begins with a table.
 */
export function looseTable(lines: readonly Line[], parse: (text: string) => Table | undefined): Block[] | undefined {
  const from = lines.findIndex((line, i) => isRow(line) && isRow(lines[i + 1]) && RULE.test(lines[i + 1]?.text ?? ''));
  const header = lines[from];
  if (header === undefined) return undefined;
  const rest = lines.slice(from + 2);
  const end = rest.findIndex(line => !isRow(line));
  const rows = end < 0 ? rest : rest.slice(0, end);
  const columns = header.text
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/).length;
  const table = parse([header.text, '|--'.repeat(columns), ...rows.map(row => row.text)].join('\n'));
  if (table === undefined) return undefined;
  const grid = gridOf(table.children);
  const offset = header.line - grid.line;
  const moved = { line: header.line, header: grid.header, rows: grid.rows.map(row => ({ ...row, line: row.line + offset })) };
  return [
    ...textBlock('prose', withBullets(lines.slice(0, from))),
    tableBlock(moved),
    ...textBlock('prose', withBullets(end < 0 ? [] : rest.slice(end))),
  ];
}
