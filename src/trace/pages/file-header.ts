import type { Bytes } from '#core/units';

/** The header of a SQLite database (sqlite.org/fileformat.html §1.3). */
const MAGIC = 'SQLite format 3\0';
export const HEADER_BYTES: Bytes = 100;

/** Whether a file is a SQLite database, by its first bytes. */
export const isSqlite = (head: Buffer): boolean => head.toString('latin1', 0, MAGIC.length) === MAGIC;

/** How large its pages are. */
export const pageBytes = (head: Buffer): Bytes => (head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16));

/** How large a database is by its own account; undefined where its header is cut off, or was written by a SQLite before 3.7.0. */
export function declaredBytes(head: Buffer): Bytes | undefined {
  if (head.length < HEADER_BYTES) return undefined;
  const page = pageBytes(head);
  const pages = head.readUInt32BE(28);
  return pages === 0 ? undefined : pages * page;
}

/** Whether a database keeps what is new in a log beside it (write-ahead log), so that even a reader opens files there. */
export const keepsLog = (head: Buffer): boolean => head.length >= HEADER_BYTES && head[19] === 2;
