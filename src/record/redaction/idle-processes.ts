import type Database from 'better-sqlite3';
import { gatherDistinct } from './chunks.ts';
import { quote, type Table } from './schema.ts';
import { PROCESSES, ROLL, STRINGS, THREADS } from './vendor-places.ts';

const A_PROCESS = '<process>';
const A_THREAD = '<thread>';
/** Bits of a thread's global id that are its process. */
const PID = -16777216;
/** Columns that tell who did something, and the process in them. */
const PID_OF = [
  ['globalPid', 'globalPid'],
  ['globalTid', `(globalTid & ${PID})`],
] as const;

/** What became of the names of those that have no part in the trace. */
export interface Unnamed {
  readonly processes: number;
  readonly threads: number;
}

/**
 * Takes away the names of processes that did nothing in the trace, and of their threads: a trace lists every program of the
 * machine. Run it before the strings' roles are gathered. The strings that nobody refers to any more are in `temp.orphan`.
 */
export async function unnameIdleProcesses(
  db: Database.Database,
  tables: readonly Table[],
  signal: AbortSignal | undefined,
): Promise<Unnamed> {
  db.exec('CREATE TEMP TABLE acting (pid INTEGER PRIMARY KEY); CREATE TEMP TABLE orphan (id INTEGER PRIMARY KEY)');
  for (const table of tables.filter(t => !ROLL.test(t.name)))
    for (const [column, pid] of PID_OF) if (table.columns.includes(column)) await gatherDistinct(db, table, pid, 'acting', signal);
  // Without events nobody acts, and nothing tells who is idle.
  if (db.prepare('SELECT 1 FROM temp.acting LIMIT 1').get() === undefined) return { processes: 0, threads: 0 };
  const has = (table: string, ...columns: string[]) => columns.every(c => tables.find(t => t.name === table)?.columns.includes(c) === true);
  const processes = has(PROCESSES, 'globalPid', 'name')
    ? db
        .prepare(`UPDATE main.${PROCESSES} SET name = @with WHERE name <> @with AND globalPid NOT IN (SELECT pid FROM temp.acting)`)
        .run({ with: A_PROCESS }).changes
    : 0;
  if (!has(THREADS, 'globalTid', 'nameId') || !has(STRINGS, 'id', 'value')) return { processes, threads: 0 };
  const idle = `(globalTid & ${PID}) NOT IN (SELECT pid FROM temp.acting)`;
  db.exec(`INSERT OR IGNORE INTO temp.orphan SELECT DISTINCT nameId FROM main.${THREADS} WHERE ${idle} AND typeof(nameId) = 'integer'`);
  if (db.prepare('SELECT 1 FROM temp.orphan LIMIT 1').get() === undefined) return { processes, threads: 0 };
  const id = idOfThread(db);
  db.prepare('DELETE FROM temp.orphan WHERE id = ?').run(id);
  return {
    processes,
    threads: db.prepare(`UPDATE main.${THREADS} SET nameId = @with WHERE nameId <> @with AND ${idle}`).run({ with: id }).changes,
  };
}

/** The number of the string that stands for a thread without a name; a trace that was redacted before has it. */
function idOfThread(db: Database.Database): unknown {
  const strings = `main.${quote(STRINGS)}`;
  const known = db.prepare(`SELECT id FROM ${strings} WHERE value = ?`).pluck().get(A_THREAD);
  if (known !== undefined) return known;
  const id = db.prepare(`SELECT max(id) + 1 FROM ${strings}`).pluck().get();
  db.prepare(`INSERT INTO ${strings} (id, value) VALUES (?, ?)`).run(id, A_THREAD);
  return id;
}
