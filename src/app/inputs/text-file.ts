import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { TextDecoder } from 'node:util';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';
import type { Bytes } from '#core/units';
import { HEAD_CHARS } from '#input/formats/recognise';
import { memoryGuard } from './memory-guard.ts';

/** What is read at once. */
const PIECE_BYTES = 1 << 20;

/** Opens a file that may have gone, or been closed to us, since it was found. @throws ForensicsError not-readable */
function openAny(file: string): number {
  try {
    // Without O_NONBLOCK the opening of a pipe waits for whoever writes.
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new ForensicsError('not-readable', `${file} cannot be read (${reasonOf(error)})`, 'Check the path and its permissions.');
  }
}

/** Opens a file to read it. @throws ForensicsError not-readable; unsupported for pipes and devices, which may never say anything */
function openPlain(file: string): number {
  const fd = openAny(file);
  const stats = fstatSync(fd);
  if (stats.isFile() || stats.isDirectory()) return fd;
  closeSync(fd);
  throw new ForensicsError(
    'unsupported',
    `${file} is no file but a pipe or a device`,
    'Write what comes out of it to a file, and name that.',
  );
}

/** The first bytes of a file. */
export function headOf(file: string, length: Bytes): Buffer {
  const buffer = Buffer.alloc(length);
  const fd = openPlain(file);
  try {
    return buffer.subarray(0, readSync(fd, buffer, 0, length, 0));
  } finally {
    closeSync(fd);
  }
}

/** What turns the bytes of a text into characters, piece by piece. */
interface Decoder {
  readonly write: (bytes: Buffer) => string;
  readonly end: () => string;
}

/** UTF-16 by its byte order mark (Unicode 16, 23.8), which stays as any other does: PowerShell 5.1 writes it for `>`. */
export function utf16Of(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined;
}

function decoderFor(head: Buffer): Decoder {
  const encoding = utf16Of(head);
  if (encoding === undefined) return new StringDecoder('utf8');
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return { write: bytes => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/** The first characters of a text, as `textOf` reads it: as many as tell its format. @param length in bytes */
export function textHeadOf(file: string, length: Bytes = HEAD_CHARS): string {
  const head = headOf(file, length);
  return decoderFor(head).write(head);
}

/** A file in pieces of bytes; each is valid until the next is asked for. */
function* bytesOf(file: string): Generator<Buffer, void> {
  const buffer = Buffer.alloc(PIECE_BYTES);
  const fd = openPlain(file);
  try {
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) yield buffer.subarray(0, read);
  } finally {
    closeSync(fd);
  }
}

/**
 * The text of a file (UTF-8, or UTF-16 with a byte order mark) in pieces, from its beginning each time it is walked.
 * @param shown what a user calls the file
 * @throws ForensicsError unsupported when memory runs out
 */
export const textOf = (file: string, shown = file): Iterable<string> => ({
  *[Symbol.iterator]() {
    let decoder: Decoder | undefined;
    const checkRoom = memoryGuard(shown);
    for (const bytes of bytesOf(file)) {
      checkRoom();
      decoder ??= decoderFor(bytes);
      yield decoder.write(bytes);
    }
    yield decoder?.end() ?? '';
  },
});

/** SHA-256 of a file, in hexadecimal. */
export function hashOf(file: string): string {
  const hash = createHash('sha256');
  for (const bytes of bytesOf(file)) hash.update(bytes);
  return hash.digest('hex');
}
