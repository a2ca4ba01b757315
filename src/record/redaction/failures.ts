import Database from 'better-sqlite3';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';

const isCode = (error: unknown): error is { readonly code: string } =>
  error !== null && typeof error === 'object' && 'code' in error && typeof error.code === 'string';

/** How a failure of SQLite or of the disk reads to a user. */
export function asForensicsError(error: unknown, from: string, to: string): unknown {
  if (error instanceof ForensicsError || !isCode(error)) return error;
  const { code } = error;
  const why = reasonOf(error);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return new ForensicsError('damaged-trace', `${from} is damaged (${why})`, 'Copy or export the trace again.');
  if (/^(SQLITE_FULL|SQLITE_IOERR|ENOSPC|EDQUOT|EFBIG|EIO)/.test(code))
    return new ForensicsError(
      'not-writable',
      `${to} cannot be written (${why})`,
      'Its disk needs room for twice the unpacked trace, the second half for a while only. Free some, or name another place with --out.',
    );
  if (/^(EACCES|EPERM|EROFS|SQLITE_CANTOPEN|SQLITE_READONLY)/.test(code))
    return new ForensicsError('not-writable', `${to} cannot be written (${why})`, 'Check the permissions of its folder.');
  if (/^(SQLITE_BUSY|SQLITE_LOCKED)/.test(code))
    return new ForensicsError('not-readable', `${from} is in use`, 'Wait until nsys has finished writing it.');
  if (error instanceof Database.SqliteError && /^SQLITE_CONSTRAINT/.test(code))
    return new ForensicsError(
      'unsupported',
      `a table of ${from} demands what a redacted copy cannot have (${why})`,
      'Such a table is no part of what nsys exports: drop it from a copy of the trace.',
    );
  return error;
}
