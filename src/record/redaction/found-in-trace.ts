import type Database from 'better-sqlite3';
import { homesIn, secretsIn } from '#core/secrets/find';
import { environmentIn, readEnvironment } from './environment.ts';
import { quote, type Table } from './schema.ts';
import type { Found } from './secrets.ts';
import { META_TABLES, metaKindOf, roleOf, SERIAL_COLUMN, STRINGS } from './vendor-places.ts';

export interface MetaRow {
  readonly rowid: number;
  readonly name: string;
  readonly value: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

const ASSIGNED = /^([^=]+)=("?)([\s\S]*)\2$/;
const NUL = '\0';

/** True for a table of names and values. */
export const isMeta = ({ name, columns, rowid }: Table): boolean =>
  (META_TABLES as readonly string[]).includes(name) && rowid !== undefined && columns.includes('name') && columns.includes('value');

/** The rows of a table of names and values; undefined for any other table. */
export function metaRows(db: Database.Database, table: Table): MetaRow[] | undefined {
  const { name, rowid } = table;
  if (!isMeta(table)) return undefined;
  return db
    .prepare(
      `SELECT ${rowid} AS rowid, CAST(name AS TEXT) AS name, value FROM main.${quote(name)} WHERE typeof(value) = 'text' AND name IS NOT NULL ORDER BY 1`,
    )
    .all() as MetaRow[];
}

/** The command lines of the profiled processes, as rows: the command first. */
export function commandLines(rows: readonly MetaRow[]): (readonly MetaRow[])[] {
  const place = (row: MetaRow) => Number(/ARGUMENT_(\d+)$/.exec(row.name)?.[1] ?? -1);
  const byProcess = new Map<string, MetaRow[]>();
  for (const row of rows.filter(r => ['argument', 'command'].includes(metaKindOf(r.name) ?? ''))) {
    const process = row.name.slice(0, row.name.indexOf(':'));
    byProcess.set(process, [...(byProcess.get(process) ?? []), row]);
  }
  return [...byProcess.values()].map(line => line.toSorted((a, b) => place(a) - place(b)));
}

/** One variable as META_DATA_CAPTURE has it: NAME="VALUE". */
function assigned(text: string): readonly [name: string, value: string] | undefined {
  const [, name, , value = ''] = ASSIGNED.exec(text) ?? [];
  return name === undefined ? undefined : [name, value];
}

function readMeta(rows: readonly MetaRow[], found: Mutable<Found>): void {
  found.argv.push(...commandLines(rows).map(line => line.map(r => r.value)));
  for (const { name, value } of rows)
    switch (metaKindOf(name)) {
      case 'variable': {
        const variable = assigned(value);
        if (variable !== undefined) found.env.push(variable);
        break;
      }
      case 'environment':
        found.env.push(...readEnvironment(value, ';').entries.filter(([entry]) => entry !== ''));
        break;
      case 'host':
        found.hosts.push(value);
        break;
      case 'user':
        found.users.push(value);
        break;
      case 'folder':
        found.folders.push(value);
        break;
      case 'removed':
        if (/PATH/.test(name) && value.includes('/')) found.folders.push(value.slice(0, value.lastIndexOf('/')));
        break;
      default:
    }
}

const textOf = (cell: unknown): string => (Buffer.isBuffer(cell) ? cell.toString('utf8') : String(cell));

/** Everything in a trace that gives a secret away. */
export function foundInTrace(db: Database.Database, tables: readonly Table[]): Found {
  const found: Mutable<Found> = { env: [], argv: [], hosts: [], users: [], homes: [], homesOnTheWay: [], folders: [], devices: [] };
  const env = new Map<string, readonly [string, string]>();
  const onTheWay = new Set<string>();
  for (const table of tables) {
    readMeta(metaRows(db, table) ?? [], found);
    for (const column of table.texts) {
      const c = quote(column);
      if (SERIAL_COLUMN.test(column))
        found.devices.push(
          ...(db
            .prepare(`SELECT DISTINCT CAST(${c} AS TEXT) FROM main.${quote(table.name)} WHERE ${c} IS NOT NULL`)
            .pluck()
            .all() as string[]),
        );
      if (roleOf(table.name, column) !== 'text') continue;
      const cells = db
        .prepare(
          `SELECT ${c} FROM main.${quote(table.name)} WHERE typeof(${c}) IN ('text', 'blob')
          AND (instr(${c}, '=') > 0 OR instr(${c}, '/home/') > 0 OR instr(${c}, '/Users/') > 0 OR instr(${c}, '\\Users\\') > 0 OR instr(${c}, '://') > 0)`,
        )
        .pluck();
      for (const cell of cells.iterate()) {
        const text = textOf(cell);
        const environment = environmentIn(text);
        for (const [name, value] of environment?.entries ?? []) if (name !== '') env.set(`${name}=${value}`, [name, value]);
        if (environment === undefined && text.includes(NUL)) found.argv.push(text.split(NUL));
        // In a table of strings a function's signature can look like a named value.
        else if (environment === undefined && table.name !== STRINGS) found.argv.push(secretsIn(text).map(secret => `--token=${secret}`));
        for (const home of homesIn(text)) onTheWay.add(home);
      }
    }
  }
  return { ...found, env: [...found.env, ...env.values()], homesOnTheWay: [...onTheWay] };
}
