/** The first 16 bytes of a SQLite database (sqlite.org/fileformat.html §1.3). */
const MAGIC = 'SQLite format 3\0';

/** Whether a file is a SQLite database, by its first bytes. */
export const isSqlite = (head: Buffer): boolean => head.toString('latin1', 0, MAGIC.length) === MAGIC;
