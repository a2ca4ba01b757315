import type Database from 'better-sqlite3';
import { prelude } from '#trace/queries/index.gen';
import { epochOrigin, TIME_COLUMNS } from './epoch-times.ts';

interface VendorTable {
  readonly table: string;
  readonly optional: boolean;
  readonly columns: readonly { readonly name: string; readonly optional: boolean }[];
}

/** What old exports call a table. */
const FORMER_NAMES: Readonly<Record<string, readonly string[]>> = { META_DATA_EXPORT: ['EXPORT_META_DATA'] };

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Tables with pages of their own: a view or a virtual table runs what a stranger wrote, and may never end. */
export const realTables = (db: Database.Database): ReadonlySet<string> =>
  new Set(db.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table' AND rootpage > 0").pluck().all() as string[]);

/** All that the prelude wants of each vendor table, over all its relations. */
function wanted(): Map<string, Map<string, boolean>> {
  const all = new Map<string, Map<string, boolean>>();
  for (const relation of Object.values(prelude))
    for (const { table, columns } of relation.from as readonly VendorTable[]) {
      const known = all.get(table) ?? new Map<string, boolean>();
      all.set(table, known);
      for (const c of columns) known.set(c.name, (known.get(c.name) ?? true) && c.optional);
    }
  return all;
}

/** The table that holds the rows: newer exports add a suffix (_V2, _V3), older ones use another name. */
function actualName(db: Database.Database, table: string, existing: ReadonlySet<string>): string | undefined {
  const suffixed = [...existing].filter(t => t.startsWith(`${table}_V`) && /^_V\d+$/.test(t.slice(table.length)));
  const candidates = [
    ...suffixed.sort((a, b) => Number(b.slice(table.length + 2)) - Number(a.slice(table.length + 2))),
    ...[table, ...(FORMER_NAMES[table] ?? [])].filter(t => existing.has(t)),
  ];
  return candidates.find(t => db.prepare(`SELECT 1 FROM main.${quote(t)} LIMIT 1`).get() !== undefined) ?? candidates[0];
}

/** Names of a table's columns in this export, in lower case; none where there is no table. */
const columnsOf = (db: Database.Database, table: string | undefined): ReadonlySet<string> =>
  new Set(
    (
      db
        .prepare(`SELECT name FROM pragma_table_info(?, 'main')`)
        .pluck()
        .all(table ?? '') as string[]
    ).map(c => c.toLowerCase()),
  );

/** Where the rows of each vendor table stand in this export, and what is missing of it. */
export interface VendorTables {
  /** What to write in SQL in place of the table's newest name. */
  readonly source: ReadonlyMap<string, string>;
  /** For each incomplete table, why, as a sentence. */
  readonly missing: ReadonlyMap<string, string>;
  /** What each vendor table that is there is called in this export. */
  readonly actual: ReadonlyMap<string, string>;
  /** What the export has added to times, ns; see epochOrigin. */
  readonly origin: bigint | undefined;
}

/**
 * Lays the newest schema's names over whatever this export has: a missing optional column reads NULL, a missing table
 * has no rows, and times count from the session's begin. Only TEMP views are made; the file is not touched.
 */
export function normaliseVendorTables(db: Database.Database): VendorTables {
  // Generated columns are not listed by table_info, and so count as missing.
  const existing = realTables(db);
  const source = new Map<string, string>();
  const missing = new Map<string, string>();
  const lay = (table: string, select: string) => {
    const view = quote(`vendor ${table}`);
    db.exec(`CREATE TEMP VIEW ${view} AS SELECT ${select}`);
    source.set(table, `temp.${view}`);
  };
  const all = wanted();
  const named = new Map([...all.keys()].map(t => [t, actualName(db, t, existing)]));
  const origin = epochOrigin(db, t => (columnsOf(db, named.get(t)).size > 0 ? named.get(t) : undefined));
  for (const [table, columns] of all) {
    const actual = named.get(table);
    if (actual === undefined) {
      missing.set(table, `the trace has no table ${table}`);
      lay(table, `${[...columns.keys()].map(c => `NULL AS ${quote(c)}`).join(', ')} WHERE 0`);
      continue;
    }
    const present = columnsOf(db, actual);
    const absent = [...columns].filter(([c]) => !present.has(c.toLowerCase()));
    const needed = absent.filter(([, optional]) => !optional).map(([c]) => c);
    if (needed.length > 0) missing.set(table, `its table ${actual} has no column ${needed.join(', ')}`);
    const isShifted = origin !== undefined && [...columns.keys()].some(c => TIME_COLUMNS.has(c));
    const select = (c: string) => {
      if (!present.has(c.toLowerCase())) return `NULL AS ${quote(c)}`;
      return origin !== undefined && TIME_COLUMNS.has(c) ? `${quote(c)} - ${origin} AS ${quote(c)}` : quote(c);
    };
    if (absent.length === 0 && !isShifted) source.set(table, `main.${quote(actual)}`);
    else lay(table, `${[...columns.keys()].map(select).join(', ')} FROM main.${quote(actual)}`);
  }
  const actual = new Map([...named].flatMap(([table, name]) => (name === undefined ? [] : [[table, name] as const])));
  return { source, missing, actual, origin };
}
