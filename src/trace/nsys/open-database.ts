import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { ForensicsError } from '#core/errors';
import type { Bytes } from '#core/units';

/** How long to wait for a program that is still writing the file, before saying so. */
const BUSY_MS = 500;
/** Checking takes 10 ms a MiB: of larger files longer than a reader would wait without asking. */
const MOST_CHECKED: Bytes = 64 * 2 ** 20;

/** A message of quick_check on values of a row: whoever reads the row judges those. */
const OF_A_ROW = /value in /;

/**
 * Opens a database that a stranger may have made. Nothing that its schema says is run: no functions of ours, no checks, and whoever reads
 * it asks tables alone.
 * @returns also whether all its pages were looked at; large files are not
 * @throws ForensicsError damaged-trace where a page is not where it belongs; SqliteError
 */
export function openDatabase(path: string, shown: string): { readonly db: Database.Database; readonly isChecked: boolean } {
  // A bare name such as :memory: means something else to SQLite.
  const file = resolve(path);
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
  try {
    for (const setting of ['temp_store = memory', 'trusted_schema = off', 'cell_size_check = on', 'ignore_check_constraints = on'])
      db.pragma(setting);
    const isChecked = statSync(file).size <= MOST_CHECKED;
    const said: unknown = isChecked ? db.pragma('main.quick_check(1)', { simple: true }) : 'ok';
    if (typeof said !== 'string' || (said !== 'ok' && !OF_A_ROW.test(said)))
      throw new ForensicsError(
        'damaged-trace',
        `${shown} is damaged (its pages contradict one another)`,
        'Copy or export the trace again. `sqlite3 FILE "PRAGMA quick_check"` says where.',
      );
    return { db, isChecked };
  } catch (error) {
    db.close();
    throw error;
  }
}
