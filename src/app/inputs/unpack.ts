import { createReadStream, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { ForensicsError } from '#core/errors';
import { noRoom, writeUnpacked } from '#core/temporary/unpacked';
import { runInto } from '#record/processes/run-into';
import { databaseBytes } from '#trace/nsys/open-file';
import { declaredBytes, isSqlite } from '#trace/pages/file-header';
import { headOf } from './text-file.ts';

export type Packing = 'gzip' | 'xz' | 'zstd';

/** First bytes of a compressed file: RFC 1952, the .xz file format 1.2 §2.1.1.1, RFC 8878 §3.1.1. */
const MAGIC: readonly (readonly [Packing, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];
const LONGEST_MAGIC = 6;

/** How a file is compressed, by its first bytes; undefined where it is not, or in a way that is not read here. */
export function packingOf(file: string): Packing | undefined {
  const head = headOf(file, LONGEST_MAGIC);
  return MAGIC.find(([, magic]) => magic.every((byte, i) => head[i] === byte))?.[0];
}

/** What a file that is not whole still says of its beginning. */
const PART_OF_GZIP = { finishFlush: constants.Z_SYNC_FLUSH };
const HEAD_BYTES = 4096;

/** The first bytes of what a gzip file holds; none where it is damaged there. */
export function headOfGzip(file: string): Buffer {
  try {
    return gunzipSync(headOf(file, HEAD_BYTES), PART_OF_GZIP);
  } catch {
    return Buffer.alloc(0);
  }
}

const NO_ROOM = /ENOSPC|No space left/;
/** Endings of a compressed trace whose content is seen only once it is unpacked. */
export const PACKED_TRACE = /\.(sqlite3?|db)\.(xz|zst|zstd)$/i;

/** A database says how large it is; of other files nothing is known. What is named as a trace must be one. */
const expectedOf = (file: string) => (PACKED_TRACE.test(file) ? databaseBytes(file) : otherBytes);
const otherBytes = (head: Buffer) => (isSqlite(head) ? declaredBytes(head) : undefined);
const write = (from: Readable, through: Duplex | undefined, file: string, to: string, expected = expectedOf(file)): Promise<void> =>
  writeUnpacked(from, through, to, { shown: file, bytes: statSync(file).size }, expected);
/** Where a program unpacks and nothing comes, it says why: what is cut off is damaged, not empty. */
const unlessNothing = (file: string) => (head: Buffer) => (head.length === 0 ? undefined : expectedOf(file)(head));
const damaged = (file: string, packing: Packing, why: string) =>
  new ForensicsError('damaged-trace', `${file} is a damaged or cut-off ${packing} file (${why})`, 'Copy the file again.');

async function gunzip(file: string, to: string): Promise<void> {
  try {
    await write(createReadStream(file), createGunzip(), file, to);
  } catch (error) {
    const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : '';
    if (code.startsWith('Z_')) throw damaged(file, 'gzip', code);
    if (code === 'ENOSPC') throw noRoom(file, dirname(to));
    throw error;
  }
}

/** Packages of Debian that hold the programs; other systems call them alike. */
const PACKAGE = { xz: 'xz-utils', zstd: 'zstd' } as const;

/** By the system's own program: Node 20 reads neither. `zstd --long=31` also takes windows of up to 2 GiB. */
async function byProgram(file: string, packing: 'xz' | 'zstd', to: string, env: NodeJS.ProcessEnv): Promise<void> {
  const flags = packing === 'zstd' ? ['-dcq', '--long=31'] : ['-dcq'];
  const { code, stderr } = await runInto(
    packing,
    [...flags, '--', file],
    output => write(output, undefined, file, to, unlessNothing(file)),
    env,
  );
  if (code === 0) return;
  if (code === undefined && stderr === '')
    throw new ForensicsError(
      'unsupported',
      `${file} is compressed with ${packing}, and the program ${packing} is not on PATH to unpack it`,
      `Install ${packing} (the package ${PACKAGE[packing]} of Debian and Ubuntu), or unpack the file on another machine and name the result.`,
    );
  if (NO_ROOM.test(stderr)) throw noRoom(file, dirname(to));
  throw damaged(file, packing, stderr.split(':').at(-1)?.trim() || `exit code ${code ?? 'none'}`);
}

/**
 * Unpacks a compressed file.
 * @param env where the programs xz and zstd are looked for
 * @throws ForensicsError damaged-trace; not-writable where there is no room; unsupported where the program is missing
 */
export const unpack = (file: string, packing: Packing, to: string, env: NodeJS.ProcessEnv): Promise<void> =>
  packing === 'gzip' ? gunzip(file, to) : byProgram(file, packing, to, env);
