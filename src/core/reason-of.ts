/** An error of the file system, of a connection or of SQLite in words: its own text would repeat the path, or speak to programmers. */
export const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (
    WORDS[code] ??
    WORDS[code.replace(/^(SQLITE_[A-Z]+)_.*$/, '$1')] ??
    (code !== '' ? code : error instanceof Error ? error.message : String(error))
  );
};

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOENT: 'there is no such file',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'a folder has that name',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  ENAMETOOLONG: 'the name is too long',
  EOPNOTSUPP: 'not supported here',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'there is no way to that host',
  ENOTFOUND: 'unknown host',
  ETIMEDOUT: 'no answer in time',
  EFBIG: 'the file is larger than is allowed there',
  SQLITE_CORRUPT: 'its pages contradict one another',
  SQLITE_NOTADB: 'it is no database',
  SQLITE_ERROR: 'its tables are not as nsys writes them',
  SQLITE_FULL: 'the disk is full',
  SQLITE_IOERR: 'the disk reports an error',
  SQLITE_NOMEM: 'there is no memory left',
  SQLITE_TOOBIG: 'a value in it is too large',
  SQLITE_CANTOPEN: 'permission is denied, or a file beside it is missing',
  SQLITE_READONLY: 'it may not be written to',
  SQLITE_CONSTRAINT: 'a rule of the table forbids it',
};
