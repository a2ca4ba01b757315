import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Bytes } from '#core/units';
import { memoryGuard } from './memory-guard.ts';

/** What is read at once. */
const PIECE_BYTES = 1 << 20;

/** The first bytes of a file. */
export function headOf(file: string, length: Bytes): Buffer {
  const buffer = Buffer.alloc(length);
  const fd = openSync(file, 'r');
  try {
    return buffer.subarray(0, readSync(fd, buffer, 0, length, 0));
  } finally {
    closeSync(fd);
  }
}

/** A file in pieces of bytes; each is valid until the next is asked for. */
function* bytesOf(file: string): Generator<Buffer, void> {
  const buffer = Buffer.alloc(PIECE_BYTES);
  const fd = openSync(file, 'r');
  try {
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) yield buffer.subarray(0, read);
  } finally {
    closeSync(fd);
  }
}

/**
 * The text of a file (UTF-8) in pieces, from its beginning each time it is walked.
 * @param shown what a user calls the file
 * @throws ForensicsError unsupported when memory runs out
 */
export const textOf = (file: string, shown = file): Iterable<string> => ({
  *[Symbol.iterator]() {
    const decoder = new StringDecoder('utf8');
    const checkRoom = memoryGuard(shown);
    for (const bytes of bytesOf(file)) {
      checkRoom();
      yield decoder.write(bytes);
    }
    yield decoder.end();
  },
});

/** SHA-256 of a file, in hexadecimal. */
export function hashOf(file: string): string {
  const hash = createHash('sha256');
  for (const bytes of bytesOf(file)) hash.update(bytes);
  return hash.digest('hex');
}
