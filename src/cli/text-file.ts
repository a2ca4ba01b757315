import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { getHeapStatistics } from 'node:v8';
import { ForensicsError } from '#model/errors';

/** What is read at once. */
const PIECE_BYTES = 1 << 20;

/** The first bytes of a file. */
export function headOf(file: string, length: number): Buffer {
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

/** What was read may fill this share of the heap; the rest is for what is made of it. Beyond its limit V8 ends the process with a stack trace. */
const HEAP_SHARE = 0.7;

/** @throws ForensicsError unsupported when what was read so far leaves no room for the rest */
function checkRoom(file: string): void {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  if (used_heap_size < HEAP_SHARE * heap_size_limit) return;
  throw new ForensicsError(
    'unsupported',
    `${file} holds more than fits into memory (${Math.round(heap_size_limit / 2 ** 20)} MiB)`,
    'Cut it to the time of the trace, or give Node more: NODE_OPTIONS=--max-old-space-size=16000 (MiB).',
  );
}

/** The text of a file (UTF-8) in pieces, from its beginning each time it is walked. @throws ForensicsError unsupported when memory runs out */
export const textOf = (file: string): Iterable<string> => ({
  *[Symbol.iterator]() {
    const decoder = new StringDecoder('utf8');
    for (const bytes of bytesOf(file)) {
      checkRoom(file);
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
