/** One worked example of a query, as written in a `.cases` file: rows in, parameters, rows out. */
export interface Case {
  readonly title: string;
  readonly given: readonly { readonly relation: string; readonly rows: readonly CaseRow[] }[];
  readonly params: CaseRow;
  readonly expected: readonly CaseRow[];
}
type CaseRow = Readonly<Record<string, Value>>;
type Value = string | number | null;

const cells = (line: string) => line.split('|').map(c => c.trim());

function parseCell(cell: string): Value {
  if (cell === 'NULL') return null;
  if (/^'.*'$/.test(cell)) return cell.slice(1, -1);
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(cell) ? Number(cell) : cell;
}

function table(where: string, [head, ...body]: readonly string[]): CaseRow[] {
  if (head === undefined) throw new Error(`${where}: a table needs a line of column names`);
  const names = cells(head);
  return body.map(line => {
    const row = cells(line);
    if (row.length !== names.length) throw new Error(`${where}: ${names.length} columns, but ${row.length} cells in: ${line}`);
    return Object.fromEntries(names.map((name, i) => [name, parseCell(row[i] ?? '')]));
  });
}

function parseCase(file: string, block: string): Case {
  const [first = '', ...lines] = block.split('\n');
  const title = first.replace(/^#\s*/, '');
  const where = `${file}, ${title}`;
  if (title === first) throw new Error(`${where}: a case begins with a line "# what it shows"`);
  const parts: { head: string; lines: string[] }[] = [];
  const params: Record<string, Value> = {};
  for (const line of lines) {
    const param = /^param\s+(\w+)\s*=\s*(.+)$/.exec(line);
    if (param?.[1] !== undefined) params[param[1]] = parseCell(param[2] ?? '');
    else if (/^(given\s+\w+|expect)\s*$/.test(line)) parts.push({ head: line.trim(), lines: [] });
    else if (line.startsWith('#')) continue;
    else if (parts.length === 0) throw new Error(`${where}: unreadable line: ${line}`);
    else parts.at(-1)?.lines.push(line);
  }
  const expect = parts.pop();
  if (expect?.head !== 'expect' || parts.some(p => p.head === 'expect'))
    throw new Error(`${where}: a case ends with one "expect" and its table`);
  const given = parts.map(p => ({ relation: p.head.slice('given '.length).trim(), rows: table(where, p.lines) }));
  return { title, given, params, expected: table(where, expect.lines) };
}

/** Reads a `.cases` file: blocks apart by empty lines, each `# title`, `given RELATION` + table, `param NAME = VALUE`, `expect` + table. */
export const parseCases = (file: string, text: string): Case[] =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map(block => parseCase(file, block));
