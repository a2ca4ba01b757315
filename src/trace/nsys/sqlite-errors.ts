import Database from 'better-sqlite3';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';

/** Whether SQLite could not make the files beside a database that it needs to read it, such as on a disk that is mounted read-only. */
export const cannotOpenBeside = (error: unknown): boolean =>
  error instanceof Database.SqliteError && /^SQLITE_(CANTOPEN|READONLY_(CANTINIT|CANTLOCK|DIRECTORY))/.test(error.code);

/** How SQLite's own complaints read to a user. What the file brought along is to blame for each: our questions run on every whole export. */
export function asForensicsError(error: unknown, shown: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const is = (...codes: readonly string[]) => codes.some(code => error.code.startsWith(code));
  if (is('SQLITE_BUSY', 'SQLITE_LOCKED'))
    return new ForensicsError(
      'not-readable',
      `${shown} is locked by another program`,
      'Wait until nsys has finished writing it, or analyze a copy.',
    );
  if (is('SQLITE_READONLY'))
    return new ForensicsError(
      'not-readable',
      `${shown} was not written to its end: a journal beside it holds what must be taken back first`,
      'Export the trace again; or copy it with its -journal or -wal file to a folder that can be written, and open the copy once with sqlite3.',
    );
  if (is('SQLITE_CANTOPEN'))
    return new ForensicsError(
      'not-readable',
      `${shown} cannot be opened (${reasonOf(error)})`,
      'Check its permissions; if a -wal file lies beside it, copy both to a writable folder.',
    );
  return new ForensicsError('damaged-trace', `${shown} is damaged (${reasonOf(error)})`, 'Copy or export the trace again.');
}
