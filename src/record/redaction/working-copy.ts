import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { ForensicsError } from '#core/errors';
import { dropMirrors, tablesOf } from './schema.ts';
import { KNOWN_TABLE } from './vendor-places.ts';

const SIDE_FILES = ['', '-wal', '-shm', '-journal'];
/** Removes a database with all that SQLite may have put beside it. */
export const remove = (path: string) => {
  for (const side of SIDE_FILES) rmSync(path + side, { force: true });
};

/** @throws ForensicsError bad-argument, not-writable where the copy may not or cannot be written */
export function assertTarget(from: string, to: string): void {
  if (resolve(from) === resolve(to))
    throw new ForensicsError(
      'bad-argument',
      `${to} is the trace itself, which is never changed`,
      'Name another file for the copy with --out.',
    );
  if (existsSync(to)) throw new ForensicsError('bad-argument', `${to} exists already`, 'Remove it, or name another file with --out.');
  const folder = dirname(resolve(to));
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new ForensicsError(
      'not-writable',
      `${to} cannot be written: there is no folder ${dirname(to)}`,
      'Make the folder, or name another file with --out.',
    );
}

/** Opens a copy that may be changed in place and thrown away. @param shown the original's name @throws ForensicsError not-a-trace */
export function openCopy(path: string, shown: string): Database.Database {
  const db = new Database(path);
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    // What is not merged yet is, and then no journal is needed: a copy that was cut off is thrown away.
    db.pragma('journal_mode = DELETE');
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma('secure_delete = ON');
    db.pragma('foreign_keys = OFF');
    db.pragma('ignore_check_constraints = ON');
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    dropMirrors(db);
    if (!tablesOf(db).some(t => KNOWN_TABLE.test(t.name)))
      throw new ForensicsError(
        'not-a-trace',
        `${shown} is a SQLite file without any table of Nsight Systems`,
        'Name the file that `nsys export --type sqlite` wrote.',
      );
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
