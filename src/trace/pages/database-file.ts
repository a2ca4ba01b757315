import { readSync } from 'node:fs';
import type { Bytes } from '#core/units';
import { HEADER_BYTES, isSqlite, pageBytes } from './file-header.ts';

/** Read and write versions of a file without a write-ahead log (§1.3.3): with one, its newest pages may stand elsewhere. */
const ROLLBACK_JOURNAL = 1;
const SMALLEST_PAGE: Bytes = 512;

/** A database file whose pages can be read as they lie. Pages are numbered from 1. */
export interface DatabaseFile {
  readonly fd: number;
  readonly pageBytes: Bytes;
  readonly pages: number;
}

/**
 * Looks at the first page of a file (https://www.sqlite.org/fileformat2.html, §1.3).
 * @returns undefined where its pages cannot be read one by one: another format, a write-ahead log, or room kept at their ends
 */
export function databaseFile(fd: number, fileBytes: Bytes): DatabaseFile | undefined {
  const header = Buffer.alloc(HEADER_BYTES);
  if (readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES || !isSqlite(header)) return undefined;
  const size = pageBytes(header);
  const isPlain = header[18] === ROLLBACK_JOURNAL && header[19] === ROLLBACK_JOURNAL && header[20] === 0;
  if (!isPlain || size < SMALLEST_PAGE || (size & (size - 1)) !== 0) return undefined;
  return { fd, pageBytes: size, pages: Math.floor(fileBytes / size) };
}

/** Reads a run of pages. @returns false where the file ends before */
export function readPages(file: DatabaseFile, first: number, count: number, into: Uint8Array): boolean {
  const length = count * file.pageBytes;
  return readSync(file.fd, into, 0, length, (first - 1) * file.pageBytes) === length;
}
