import Database from 'better-sqlite3';
import { ForensicsError } from '#core/errors';

/** How SQLite's own complaints read to a user. */
export function asForensicsError(error: unknown, shown: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED'))
    return new ForensicsError(
      'not-readable',
      `${shown} is locked by another program`,
      'Wait until nsys has finished writing it, or analyze a copy.',
    );
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code.startsWith('SQLITE_NOTADB') || error.code.startsWith('SQLITE_IOERR'))
    return new ForensicsError('damaged-trace', `${shown} is damaged (${error.message})`, 'Copy or export the trace again.');
  if (error.code.startsWith('SQLITE_CANTOPEN'))
    return new ForensicsError(
      'not-readable',
      `${shown} cannot be opened (${error.message})`,
      'Check its permissions; if a -wal file lies beside it, copy both to a writable folder.',
    );
  return error;
}
