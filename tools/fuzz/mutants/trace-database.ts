import type Database from 'better-sqlite3';
import type { Chance } from '../chance.ts';
import { ODD_SQL, SHIFTS_NS } from '../odd-values.ts';

/** Changes a trace by SQL. @returns what was done */
export type Change = (db: Database.Database, chance: Chance) => string;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const names = (db: Database.Database, sql: string): readonly string[] => db.prepare<[], string>(sql).pluck().all();

const tablesOf = (db: Database.Database) =>
  names(db, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`);
const columnsOf = (db: Database.Database, table: string) =>
  names(db, `SELECT name FROM pragma_table_info('${table.replaceAll("'", "''")}')`);

/** A table whose constraints are gone, so that it takes any value. */
function loosened(db: Database.Database, table: string): void {
  db.exec(
    `CREATE TABLE loosened AS SELECT * FROM ${quoted(table)}; DROP TABLE ${quoted(table)}; ALTER TABLE loosened RENAME TO ${quoted(table)}`,
  );
}

/** Of how many rows one is damaged: of all of them to very few. */
const EACH = [1, 2, 3, 7, 20, 50, 100, 400] as const;
function someRows(chance: Chance): string {
  const each = chance.pick(EACH);
  return `rowid % ${each} = ${chance.below(each)}`;
}

/** Rows: lost, doubled, turned round, moved, or with a value that cannot be. */
export const changeRows: Change = (db, chance) => {
  const table = chance.pick(tablesOf(db));
  const columns = columnsOf(db, table);
  const where = someRows(chance);
  loosened(db, table);
  const at = quoted(table);
  const column = quoted(chance.pick(columns));
  const timed = columns.includes('start') && columns.includes('end');
  const moved = chance.pick(SHIFTS_NS);
  const changes = [
    `DELETE FROM ${at} WHERE ${where}`,
    `INSERT INTO ${at} SELECT * FROM ${at} WHERE ${where}`,
    `UPDATE ${at} SET ${column} = ${chance.pick(ODD_SQL)} WHERE ${where}`,
    `UPDATE ${at} SET ${column} = ${chance.pick(ODD_SQL)} WHERE ${where}`,
    `UPDATE ${at} SET ${column} = (SELECT other.${column} FROM ${at} AS other WHERE other.rowid = ${at}.rowid + 1) WHERE ${where}`,
    ...(timed
      ? [
          `UPDATE ${at} SET start = "end", "end" = start WHERE ${where}`,
          `UPDATE ${at} SET "end" = start WHERE ${where}`,
          `UPDATE ${at} SET start = 0, "end" = 0 WHERE ${where}`,
          `UPDATE ${at} SET "end" = "end" + ${moved} WHERE ${where}`,
          `UPDATE ${at} SET start = start + ${moved}, "end" = "end" + ${moved} WHERE ${where}`,
          `CREATE TEMP TABLE moved AS SELECT * FROM ${at} WHERE ${where}; UPDATE moved SET start = start + ${moved}, "end" = "end" + ${moved}; INSERT INTO ${at} SELECT * FROM moved`,
        ]
      : []),
  ];
  return run(db, chance.pick(changes));
};

/** Columns: lost, renamed, of another type or unit, or all of one value. */
export const changeColumns: Change = (db, chance) => {
  const table = chance.pick(tablesOf(db));
  loosened(db, table);
  const columns = columnsOf(db, table);
  const [at, column, other] = [quoted(table), quoted(chance.pick(columns)), quoted(chance.pick(columns))];
  return run(
    db,
    chance.pick([
      ...(columns.length > 1 ? [`ALTER TABLE ${at} DROP COLUMN ${column}`] : []),
      `ALTER TABLE ${at} RENAME COLUMN ${column} TO "renamed"`,
      `UPDATE ${at} SET ${column} = ${chance.pick(ODD_SQL)}`,
      `UPDATE ${at} SET ${column} = ${other}`,
      `UPDATE ${at} SET ${column} = ${column} + ${chance.pick(SHIFTS_NS)}`,
      `UPDATE ${at} SET ${column} = ${column} * ${chance.pick(['1000', '-1', '0.5', '1e9'])}`,
      `UPDATE ${at} SET ${column} = CAST(${column} AS ${chance.pick(['TEXT', 'REAL', 'BLOB'])})`,
      `UPDATE ${at} SET ${column} = (SELECT other.${column} FROM ${at} AS other ORDER BY other.rowid DESC LIMIT 1 OFFSET ${at}.rowid - 1)`,
    ]),
  );
};

/** A view that never ends, one that names itself, and tables that are none. */
const IMPOSTORS = [
  'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS start, x AS "end" FROM n',
  'SELECT * FROM TABLE_NAME',
  'SELECT * FROM nowhere',
  'SELECT 1 AS start',
] as const;

/** Tables: lost, emptied, doubled, in one another's place, or something else under their name. */
export const changeTables: Change = (db, chance) => {
  const tables = tablesOf(db);
  const [table, second] = [chance.pick(tables), chance.pick(tables)];
  const [at, other] = [quoted(table), quoted(second)];
  const impostor = chance.pick(IMPOSTORS).replace('TABLE_NAME', at);
  const first = quoted(columnsOf(db, table)[0] ?? 'rowid');
  return run(
    db,
    chance.pick([
      `DROP TABLE ${at}`,
      `DELETE FROM ${at}`,
      `CREATE TABLE doubled AS SELECT * FROM ${at} UNION ALL SELECT * FROM ${at}; DROP TABLE ${at}; ALTER TABLE doubled RENAME TO ${at}`,
      `ALTER TABLE ${at} RENAME TO "renamed"`,
      `ALTER TABLE ${at} RENAME TO ${quoted(`${table}_V9`)}`,
      ...(table === second
        ? []
        : [`ALTER TABLE ${at} RENAME TO swapped; ALTER TABLE ${other} RENAME TO ${at}; ALTER TABLE swapped RENAME TO ${other}`]),
      ...(table === second ? [] : [`DROP TABLE ${at}; CREATE TABLE ${at} AS SELECT * FROM ${other}`]),
      `DROP TABLE ${at}; CREATE VIEW ${at} AS ${impostor}`,
      `DROP TABLE ${at}; CREATE VIRTUAL TABLE ${at} USING fts5(start, "end")`,
      `DROP TABLE ${at}; CREATE TABLE ${at} (start INTEGER, "end" INTEGER GENERATED ALWAYS AS (start + 1) VIRTUAL)`,
      `CREATE TABLE plain (k INTEGER PRIMARY KEY, v) WITHOUT ROWID; DROP TABLE ${at}; ALTER TABLE plain RENAME TO ${at}`,
      `CREATE TRIGGER watching AFTER INSERT ON ${at} BEGIN SELECT 1; END; INSERT INTO ${at} DEFAULT VALUES`,
      `CREATE INDEX beside ON ${at} (${first})`,
    ]),
  );
};

/** Runs what may not apply to a table of this shape: such a mutant is the original, which is asked all the same. */
function run(db: Database.Database, sql: string): string {
  try {
    db.exec(sql);
    return sql;
  } catch (error) {
    return `${sql} (which SQLite refused: ${error instanceof Error ? error.message : String(error)})`;
  }
}
