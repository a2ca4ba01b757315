import { closeSync, createReadStream, createWriteStream, existsSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ForensicsError } from '#core/errors';

/** A SQLite file on disk, and how to clean up if it had to be unpacked. */
export interface TraceFile {
  readonly path: string;
  readonly dispose: () => void;
}

const SQLITE_MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
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

/** Says in one sentence why a file cannot be a whole SQLite export, or does nothing. The header is SQLite's (sqlite.org/fileformat.html §1.3). */
function assertSqlite(path: string, shown: string): void {
  const size = statSync(path).size;
  if (size === 0)
    throw new ForensicsError('not-a-trace', `${shown} is empty (0 bytes)`, 'Repeat the export; check that the disk was not full.');
  const head = readHead(path);
  if (head.toString('latin1', 0, 16) !== SQLITE_MAGIC)
    throw new ForensicsError('not-a-trace', `${shown} is not a SQLite file`, EXPORT_HINT);
  if (head.length < HEADER_BYTES)
    throw new ForensicsError(
      'damaged-trace',
      `${shown} is cut off inside its header, after ${size} bytes`,
      'Copy or export the trace again.',
    );
  const page = head.readUInt16BE(16) === 1 ? 65536 : head.readUInt16BE(16);
  const pages = head.readUInt32BE(28);
  if (pages * page > size)
    throw new ForensicsError(
      'damaged-trace',
      `${shown} is cut off: it should hold ${pages * page} bytes and holds ${size}`,
      'Copy or export the trace again; the original .nsys-rep is needed if the export was cut off.',
    );
}

/**
 * Finds the SQLite file behind a path: as it is, or unpacked into a temporary folder when gzipped.
 * @throws ForensicsError not-found, not-readable, not-a-trace, damaged-trace
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
    throw new ForensicsError(
      'not-readable',
      `${path} cannot be read (${error instanceof Error ? error.message : 'unknown reason'})`,
      'Check its permissions.',
    );
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    assertSqlite(path, path);
    return { path, dispose: () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), 'forensics-'));
  const unpacked = join(folder, 'trace.sqlite');
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  try {
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(unpacked));
    assertSqlite(unpacked, path);
  } catch (error) {
    dispose();
    if (error instanceof ForensicsError) throw error;
    const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : '';
    if (code.startsWith('Z_'))
      throw new ForensicsError('damaged-trace', `${path} is a damaged or cut-off gzip file (${code})`, 'Copy the file again.');
    if (code === 'ENOSPC')
      throw new ForensicsError(
        'not-writable',
        `there is no room to unpack ${path} in ${tmpdir()}`,
        'Free some space, or set TMPDIR to a larger disk.',
      );
    throw error;
  }
  return { path: unpacked, dispose };
}
