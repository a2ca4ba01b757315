import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';
import { temporaryFolder } from '#core/temporary/folder';
import { noRoom, writeUnpacked } from '#core/temporary/unpacked';
import type { Bytes } from '#core/units';
import { declaredBytes, HEADER_BYTES, isSqlite, keepsLog } from '#trace/pages/file-header';
import { copyDatabase } from './copy-database.ts';

/** A SQLite file on disk, and how to clean up if it is a copy. */
export interface TraceFile {
  readonly path: string;
  /** To be told once SQLite has opened it: a copy loses its name, so that nothing of it stays whatever way this process ends. */
  readonly isOpen: () => void;
  readonly dispose: () => void;
}

const EXPORT_HINT = 'Export the report with `nsys export --type sqlite REPORT.nsys-rep`, then analyze the .sqlite file.';

function readHead(path: string): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  const fd = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(fd, head, 0, head.length, 0));
  } finally {
    closeSync(fd);
  }
}

/** Says in one sentence why what begins so can be no SQLite export, or does nothing. */
function assertSqlite(head: Buffer, shown: string): void {
  if (head.length === 0)
    throw new ForensicsError('not-a-trace', `${shown} is empty (0 bytes)`, 'Repeat the export; check that the disk was not full.');
  if (!isSqlite(head)) throw new ForensicsError('not-a-trace', `${shown} is not a SQLite file`, EXPORT_HINT);
}

/** Says in one sentence why a file cannot be a whole SQLite export, or does nothing. */
function assertWhole(path: string, shown: string): void {
  const head = readHead(path);
  const { size } = statSync(path);
  assertSqlite(head, shown);
  if (head.length < HEADER_BYTES)
    throw new ForensicsError(
      'damaged-trace',
      `${shown} is cut off inside its header, after ${size} bytes`,
      'Copy or export the trace again.',
    );
  const declared = declaredBytes(head) ?? 0;
  if (declared > size)
    throw new ForensicsError(
      'damaged-trace',
      `${shown} is cut off: it should hold ${declared} bytes and holds ${size}`,
      'Copy or export the trace again; the original .nsys-rep is needed if the export was cut off.',
    );
}

/** How large a database is by its first page. @throws ForensicsError not-a-trace where the file holds none */
export const databaseBytes =
  (shown: string) =>
  (head: Buffer): Bytes | undefined => {
    assertSqlite(head, shown);
    return declaredBytes(head);
  };

/**
 * Finds the SQLite file behind a path: as it is, or unpacked into a temporary folder when gzipped.
 * @throws ForensicsError not-found, not-readable, not-a-trace, damaged-trace, not-writable
 */
export async function openTraceFile(path: string): Promise<TraceFile> {
  if (!existsSync(path)) throw new ForensicsError('not-found', `${path} does not exist`, 'Check the path.');
  if (statSync(path).isDirectory())
    throw new ForensicsError('not-a-trace', `${path} is a folder, not a trace`, 'Name the .sqlite or .sqlite.gz file inside it.');
  // Opening a pipe or a device may never return.
  if (!statSync(path).isFile())
    throw new ForensicsError(
      'not-a-trace',
      `${path} is no file but a pipe or a device`,
      'Write what comes out of it to a file, and name that.',
    );
  let head: Buffer;
  try {
    head = readHead(path);
  } catch (error) {
    throw new ForensicsError('not-readable', `${path} cannot be read (${reasonOf(error)})`, 'Check its permissions.');
  }
  if (head[0] === 0x1f && head[1] === 0x8b) return aside('trace.sqlite', to => gunzip(path, to));
  assertWhole(path, path);
  return { path, isOpen: () => {}, dispose: () => {} };
}

/**
 * A copy of a database with the log that lies beside it, for a folder in which SQLite may not write: it has to, to read such a log.
 * @returns undefined where the database keeps none
 * @throws ForensicsError not-writable; not-readable where it changes meanwhile
 */
export async function copyAside(path: string): Promise<TraceFile | undefined> {
  return keepsLog(readHead(path)) ? aside(basename(path), to => copyDatabase(path, to, path)) : undefined;
}

/** Makes a file in a temporary folder. */
async function aside(name: string, make: (to: string) => Promise<void>): Promise<TraceFile> {
  const folder = temporaryFolder();
  const path = join(folder.path, name);
  try {
    await make(path);
  } catch (error) {
    folder.dispose();
    throw error;
  }
  // Of a database with a log SQLite opens more files by their names; Windows removes nothing that is open.
  const mustKeepName = keepsLog(readHead(path)) || process.platform === 'win32';
  return { path, isOpen: mustKeepName ? () => {} : folder.dispose, dispose: folder.dispose };
}

async function gunzip(path: string, to: string): Promise<void> {
  try {
    const packed = { shown: path, bytes: statSync(path).size };
    await writeUnpacked(createReadStream(path), createGunzip(), to, packed, databaseBytes(path));
    assertWhole(to, path);
  } catch (error) {
    if (error instanceof ForensicsError) throw error;
    const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : '';
    if (code.startsWith('Z_'))
      throw new ForensicsError('damaged-trace', `${path} is a damaged or cut-off gzip file (${code})`, 'Copy the file again.');
    if (code === 'ENOSPC') throw noRoom(path, to);
    throw error;
  }
}
