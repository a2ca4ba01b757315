import { once } from 'node:events';
import { createWriteStream, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Duplex, PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ForensicsError } from '#core/errors';
import type { Bytes } from '#core/units';

/** What is being unpacked. */
export interface Packed {
  /** What a user calls it. */
  readonly shown: string;
  readonly bytes: Bytes;
}

/** The first bytes of what comes out: enough to tell how much more should. */
const HEAD_BYTES: Bytes = 100;

/** So much is no burden to any disk, whatever it came from. */
const NO_BURDEN: Bytes = 2 ** 30;
/** Traces come out 3 to 5 times as large, telemetry up to 30 times; a file that only wants to fill a disk up to 1032 times (gzip's limit). */
const MOST_RATIO = 100;

const freeBytes = (folder: string): Bytes => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
};

/** There is too little room. */
export const noRoom = (shown: string, folder: string): ForensicsError =>
  new ForensicsError(
    'not-writable',
    `there is no room to unpack ${shown} in ${folder}`,
    'Free some space, or set TMPDIR to a larger disk.',
  );

const tooLarge = ({ shown }: Packed, bytes: Bytes) =>
  new ForensicsError(
    'damaged-trace',
    `${shown} holds more than a file of its size and kind can, so that unpacking ended after ${bytes} bytes`,
    'Copy the file again; if it is as it should be, unpack it yourself and name what comes out.',
  );

/** How many bytes may come out, and what to say of more. */
interface Limit {
  readonly bytes: Bytes;
  readonly beyond: () => ForensicsError;
}

function limitOf(packed: Packed, expected: Bytes | undefined, folder: string): Limit {
  const free = freeBytes(folder);
  const most = Math.max(NO_BURDEN, MOST_RATIO * packed.bytes);
  if (expected !== undefined && expected > most) throw tooLarge(packed, 0);
  if (expected !== undefined && expected > free) throw noRoom(packed.shown, folder);
  const bytes = Math.min(expected ?? most, free);
  return { bytes, beyond: () => (bytes === free ? noRoom(packed.shown, folder) : tooLarge(packed, bytes)) };
}

/**
 * Writes what comes out of a compressed file, and no more than that can be.
 * @param through unpacks; undefined where what comes is unpacked already
 * @param expected judges by the first bytes how many there should be in all; undefined where they do not say. It may throw.
 * @throws ForensicsError not-writable, damaged-trace; and what `expected` and the streams throw
 */
export async function writeUnpacked(
  from: Readable,
  through: Duplex | undefined,
  to: string,
  packed: Packed,
  expected: (head: Buffer) => Bytes | undefined,
): Promise<void> {
  let limit: Limit | undefined;
  let seen: Bytes = 0;
  let head = Buffer.alloc(0);
  const judged = () => limitOf(packed, expected(head), dirname(to));
  async function* limited(pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      seen += piece.length;
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, piece.subarray(0, HEAD_BYTES - head.length)]);
      if (head.length === HEAD_BYTES) limit ??= judged();
      if (limit !== undefined && seen > limit.bytes) throw limit.beyond();
      yield piece;
    }
    limit ??= judged();
  }
  const file = createWriteStream(to);
  try {
    await pipeline(from, through ?? new PassThrough(), limited, file);
  } finally {
    // A file that is still being opened when all else has failed comes to be after its folder was removed, or beside that.
    if (!file.closed) await once(file.destroy(), 'close');
  }
}
