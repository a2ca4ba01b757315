import type { Grid } from './table.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  nbsp: ' ',
  quot: '"',
  times: '×',
  le: '≤',
  ge: '≥',
  asymp: '≈',
};
const plain = (html: string): string =>
  html
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(?<name>\w+);/g, (all, name: string) => ENTITIES[name] ?? all)
    .replace(/\s+/g, ' ')
    .trim();

const newlines = (text: string): number => text.split('\n').length - 1;
/** Nothing, but as many lines. */
const hollow = (text: string): string => '\n'.repeat(newlines(text));

/** Whether a text is HTML, by its beginning or by a table in it. */
export const isHtml = (text: string): boolean => /^\s*(?:<!doctype html|<html)/i.test(text) || /<table[\s>]/i.test(text);

/** Replaces the innermost elements of a name. Searched by hand: a pattern would walk to the end of the file for each that is not closed. */
function replaceElements(html: string, name: string, by: (element: string, offset: number) => string): string {
  const low = html.toLowerCase();
  const parts: string[] = [];
  let at = 0;
  for (let end = low.indexOf(`</${name}`); end >= 0; end = low.indexOf(`</${name}`, end + 1)) {
    const start = low.lastIndexOf(`<${name}`, end);
    const close = low.indexOf('>', end);
    if (start < at || close < 0) continue;
    parts.push(html.slice(at, start), by(html.slice(start, close + 1), start));
    at = close + 1;
  }
  return parts.join('') + html.slice(at);
}

const ROW = /<tr\b[\s\S]*?(?=<tr\b|<\/tr>|<\/table)/gi;
const CELL = /<t[hd]\b[^<>]*>(?<cell>[\s\S]*?)(?=<\/t[hd]>|<t[hd]\b|$)/gi;
/** More is no table that a person reads. */
const LONGEST_TABLE = 200_000;
const HEADING = /<h(?<level>[1-6])\b[^<>]*>(?<title>[\s\S]{0,400}?)<\/h\k<level>>/gi;

function gridOf(table: string, first: number): Grid | undefined {
  if (table.length > LONGEST_TABLE) return undefined;
  const rows = [...table.matchAll(ROW)].map(row => ({
    line: first + newlines(table.slice(0, row.index)),
    cells: [...row[0].matchAll(CELL)].map(c => plain(c.groups?.['cell'] ?? '')),
  }));
  const [header, ...body] = rows.filter(r => r.cells.length > 0);
  return header === undefined ? undefined : { line: first, header: header.cells, rows: body };
}

/** Splits HTML into its tables and its other text; lines keep their numbers. Tables inside tables are read as the innermost. */
export function htmlParts(html: string): { readonly grids: readonly Grid[]; readonly text: string } {
  const grids: Grid[] = [];
  const bare = ['script', 'style', 'svg'].reduce((text, name) => replaceElements(text, name, hollow), html);
  const rest = replaceElements(bare, 'table', (table, offset) => {
    const grid = gridOf(table, newlines(bare.slice(0, offset)) + 1);
    if (grid !== undefined) grids.push(grid);
    return hollow(table);
  });
  // A heading becomes one of Markdown, so that sections are known.
  const text = rest
    .replace(HEADING, (all, level: string, title: string) => `${'#'.repeat(Number(level))} ${plain(title)}${hollow(all)}`)
    .split('\n')
    .map(line => (line.includes('<') || line.includes('&') ? plain(line) : line))
    .join('\n');
  return { grids, text };
}
