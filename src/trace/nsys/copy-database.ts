import { existsSync, statSync } from 'node:fs';
import { chmod, copyFile } from 'node:fs/promises';
import { ForensicsError } from '#core/errors';

/** What SQLite puts beside a database that holds something of it; the index of a log (-shm) is made anew. */
const SIDE_FILES = ['', '-wal', '-journal'];

/** Copies a database with what is not merged into it yet. The original is not even opened by SQLite, which would write beside it. @throws ForensicsError not-readable */
export async function copyDatabase(from: string, to: string, shown: string): Promise<void> {
  const before = statSync(from);
  for (const side of SIDE_FILES.filter(s => existsSync(from + s))) {
    await copyFile(from + side, to + side);
    await chmod(to + side, 0o600);
  }
  const after = statSync(from);
  if (before.mtimeMs !== after.mtimeMs || before.size !== after.size)
    throw new ForensicsError('not-readable', `${shown} changed while it was copied`, 'Wait until nsys has finished writing it.');
}
