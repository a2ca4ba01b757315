import type Database from 'better-sqlite3';
import { inChunks, pause } from './chunks.ts';
import { isMeta } from './found-in-trace.ts';
import { unnameIdleProcesses } from './idle-processes.ts';
import { metaChanges } from './meta-changes.ts';
import { cleaners } from './redact-text.ts';
import { gatherRoles, referencesIn } from './references.ts';
import { quote, type Table } from './schema.ts';
import { REDACTED, type Secrets } from './secret.ts';
import { ADDRESS_COLUMN, CONTENTS, PROCESSES, roleOf, STRINGS, THREADS } from './vendor-places.ts';

/** A database to be rewritten; `clean_name`, `clean_label` and `clean_text` are defined in it. */
export interface Rewriting {
  readonly db: Database.Database;
  readonly tables: readonly Table[];
  readonly secrets: Secrets;
  readonly progress: (step: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** Cells, by table. */
export type Cells = ReadonlyMap<string, number>;

/** A column whose cells are cleaned, and which of them. */
interface Pass {
  readonly table: Table;
  readonly column: string;
  readonly role: 'name' | 'label' | 'text';
  readonly only: string;
}

function cellCounter(): { readonly cells: Map<string, number>; readonly add: (table: string, n: number) => void } {
  const cells = new Map<string, number>();
  return { cells, add: (table, n) => void (n > 0 && cells.set(table, (cells.get(table) ?? 0) + n)) };
}

const isStrings = ({ name, columns }: Table) => name === STRINGS && columns.includes('id') && columns.includes('value');

/** What is to be cleaned, cell by cell. Strings go by what refers to them: the name of a function is left more of its words than a path. */
function passesOver({ tables }: Rewriting): Pass[] {
  return tables.flatMap(table =>
    table.texts
      .filter(column => column !== 'value' || !isMeta(table))
      .flatMap((column): Pass[] =>
        isStrings(table) && column === 'value'
          ? [
              { table, column, role: 'name', only: 'AND id IN (SELECT id FROM temp.name_id)' },
              {
                table,
                column,
                role: 'label',
                only: 'AND id IN (SELECT id FROM temp.label_id) AND id NOT IN (SELECT id FROM temp.name_id)',
              },
              { table, column, role: 'text', only: 'AND id NOT IN (SELECT id FROM temp.label_id UNION SELECT id FROM temp.name_id)' },
            ]
          : [{ table, column, role: roleOf(table.name, column), only: '' }],
      ),
  );
}

/** Blanks what programs printed, and files that were collected. */
function removeContents({ db, tables }: Rewriting, add: (table: string, n: number) => void): void {
  const strings = tables.find(isStrings);
  for (const [name, column] of CONTENTS) {
    const table = tables.find(t => t.name === name && t.columns.includes(column));
    if (table === undefined) continue;
    const cell = quote(column);
    if (table.texts.includes(column))
      add(
        name,
        db.prepare(`UPDATE main.${quote(name)} SET ${cell} = @with WHERE ${cell} NOT IN ('', @with)`).run({ with: REDACTED }).changes,
      );
    else if (strings !== undefined)
      add(
        STRINGS,
        db
          .prepare(
            `UPDATE main.${STRINGS} SET value = @with WHERE value NOT IN ('', @with)
            AND id IN (SELECT ${cell} FROM main.${quote(name)}) AND id NOT IN (SELECT id FROM temp.name_id UNION SELECT id FROM temp.label_id)`,
          )
          .run({ with: REDACTED }).changes,
      );
  }
}

/** Numbers the hardware addresses of network adapters, which are join keys. */
function numberAddresses({ db, tables }: Rewriting, add: (table: string, n: number) => void): void {
  const columns = tables.flatMap(t => t.columns.filter(c => ADDRESS_COLUMN.test(c)).map(c => [t.name, c] as const));
  if (columns.length === 0) return;
  db.exec('CREATE TEMP TABLE address (n INTEGER PRIMARY KEY, guid UNIQUE)');
  for (const [table, column] of columns)
    db.exec(
      `INSERT OR IGNORE INTO temp.address (guid) SELECT ${quote(column)} FROM main.${quote(table)} WHERE ${quote(column)} NOT IN (0, '')`,
    );
  for (const [table, column] of columns) {
    const cell = quote(column);
    const changed = db.prepare(
      `UPDATE main.${quote(table)} SET ${cell} = (SELECT n FROM temp.address WHERE guid = ${cell}) WHERE ${cell} NOT IN (0, '')`,
    );
    add(table, changed.run().changes);
  }
}

/** Takes the secrets out of every cell of every table. */
export async function rewrite(to: Rewriting): Promise<Cells> {
  const { db, tables, secrets, progress, signal } = to;
  const { cells, add } = cellCounter();
  progress('telling processes that did nothing');
  const unnamed = await unnameIdleProcesses(db, tables, signal);
  add(PROCESSES, unnamed.processes);
  add(THREADS, unnamed.threads);
  progress('telling names of functions from other strings');
  await gatherRoles(db, referencesIn(tables), signal);
  removeContents(to, add);
  if (unnamed.threads > 0)
    add(
      STRINGS,
      db
        .prepare(
          `UPDATE main.${STRINGS} SET value = @with WHERE value <> @with AND id IN (SELECT id FROM temp.orphan)
          AND id NOT IN (SELECT id FROM temp.name_id UNION SELECT id FROM temp.label_id)`,
        )
        .run({ with: REDACTED }).changes,
    );
  numberAddresses(to, add);
  for (const table of tables)
    for (const { rowid, value } of metaChanges(db, table, cleaners(secrets)) ?? [])
      add(table.name, db.prepare(`UPDATE main.${quote(table.name)} SET value = ? WHERE ${table.rowid} = ?`).run(value, rowid).changes);
  for (const { table, column, role, only } of passesOver(to)) {
    progress(`cleaning ${table.name}`);
    const cell = quote(column);
    await inChunks(db, table, signal, (where, bounds) => {
      const changed = db.prepare(
        `UPDATE main.${quote(table.name)} SET ${cell} = clean_${role}(${cell})
        WHERE ${where} AND typeof(${cell}) IN ('text', 'blob') ${only} AND clean_${role}(${cell}) IS NOT NULL`,
      );
      add(table.name, changed.run(bounds).changes);
    });
  }
  return cells;
}

/** Goes over everything once more: cells that still hold a secret. It is run after `rewrite`, on the same connection. */
export async function cellsLeft(to: Rewriting): Promise<Cells> {
  const { db, tables, secrets, signal } = to;
  const { cells, add } = cellCounter();
  for (const table of tables) add(table.name, metaChanges(db, table, cleaners(secrets))?.length ?? 0);
  for (const { table, column, role, only } of passesOver(to)) {
    const cell = quote(column);
    await inChunks(db, table, signal, (where, bounds) => {
      const left = db.prepare(
        `SELECT count(*) FROM main.${quote(table.name)}
        WHERE ${where} AND typeof(${cell}) IN ('text', 'blob') ${only} AND clean_${role}(${cell}) IS NOT NULL`,
      );
      add(table.name, left.pluck().get(bounds) as number);
    });
  }
  await pause(signal);
  return cells;
}
