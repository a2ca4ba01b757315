import type Database from 'better-sqlite3';

export interface Table {
  readonly name: string;
  /** What SQLite calls a row's number here; undefined for a table that has none. */
  readonly rowid: string | undefined;
  /** Every column that can be written. */
  readonly columns: readonly string[];
  /** Those that can hold text or bytes: all but the ones declared as integers or reals. A table of kernels has none, and is not gone through. */
  readonly texts: readonly string[];
  /** How the table was declared. */
  readonly sql: string;
}

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const ROWID_NAMES = ['rowid', '_rowid_', 'oid'];
/** Affinity by sqlite.org/datatype3.html §3.1: INT first, then text, bytes, real. */
const holdsText = (type: string): boolean =>
  !/INT/i.test(type) && (/CHAR|CLOB|TEXT|BLOB/i.test(type) || type === '' || !/REAL|FLOA|DOUB/i.test(type));

interface Listed {
  readonly name: string;
  readonly wr: number;
  readonly sql: string;
}

/** The tables of a database, whatever they are. */
export function tablesOf(db: Database.Database): Table[] {
  const listed = db
    .prepare(
      `SELECT l.name AS name, l.wr AS wr, m.sql AS sql FROM pragma_table_list AS l JOIN main.sqlite_master AS m ON m.name = l.name
      WHERE l.schema = 'main' AND l.type IN ('table', 'shadow') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name`,
    )
    .all() as Listed[];
  return listed.map(({ name, wr, sql }) => {
    const columns = (
      db.prepare(`SELECT name, type, hidden FROM pragma_table_xinfo(?, 'main')`).all(name) as {
        name: string;
        type: string;
        hidden: number;
      }[]
    ).filter(c => c.hidden === 0);
    const taken = new Set(columns.map(c => c.name.toLowerCase()));
    return {
      name,
      rowid: wr === 1 ? undefined : ROWID_NAMES.find(r => !taken.has(r)),
      columns: columns.map(c => c.name),
      texts: columns.filter(c => holdsText(c.type)).map(c => c.name),
      sql,
    };
  });
}

/** Drops what holds copies of texts that cannot be rewritten, or would run while they are: statistics, triggers, full-text indexes. A copy to be read needs none. */
export function dropMirrors(db: Database.Database): void {
  const drop = (kind: string, names: readonly string[]) => {
    for (const name of names) db.exec(`DROP ${kind} IF EXISTS main.${quote(name)}`);
  };
  const names = (where: string) => db.prepare(`SELECT name FROM main.sqlite_master WHERE ${where}`).pluck().all() as string[];
  drop('TRIGGER', names(`type = 'trigger'`));
  drop('TABLE', names(`type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'`));
  drop('TABLE', names(`name GLOB 'sqlite_stat[0-9]'`));
}
