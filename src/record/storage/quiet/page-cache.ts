import { accessSync, constants, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { reasonOf } from '#core/reason-of';
import { run } from '#record/processes/run';
import { weightFiles } from '#record/storage/machine/weights';

/** Documentation/admin-guide/sysctl/vm.rst: 3 drops page cache, dentries and inodes; what is dirty stays, hence the sync before. */
const DROP_ALL = '/proc/sys/vm/drop_caches';
const COMPACT = '/proc/sys/vm/compact_memory';
const WRITING_SECONDS = 120;

/** Why a file of the kernel may not be written here; undefined where it may. */
function whyNot(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return `${path} cannot be written (${reasonOf(error)})`;
  }
}
export const whyNotDropped = (): string | undefined => whyNot(DROP_ALL);
export const whyNotCompacted = (): string | undefined => whyNot(COMPACT);

/** Drops the whole page cache. @throws what the system says */
export async function dropAll(env: NodeJS.ProcessEnv): Promise<void> {
  await run('sync', [], { seconds: WRITING_SECONDS, env });
  writeFileSync(DROP_ALL, '3\n');
}

/** Compacts memory, so that large pages are to be had as after a start. @throws what the system says */
export const compact = (): void => writeFileSync(COMPACT, '1\n');

/**
 * Takes files out of the page cache: `dd iflag=nocache count=0` advises the kernel so (coreutils: posix_fadvise, POSIX_FADV_DONTNEED of the whole file). Pages
 * that a process maps stay. @returns why it did not work, undefined where it did
 */
export async function dropFiles(paths: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const file of paths.flatMap(weightFiles)) {
    const { code, stderr } = await run('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none'], { seconds: 60, env });
    if (code !== 0)
      return `${file} could not be taken out of the page cache: ${code === undefined ? 'dd is not installed' : stderr.trim().slice(0, 160)}`;
  }
  return undefined;
}

/** What is read at once. */
const PIECE_BYTES = 4 * 2 ** 20;

/** Reads files whole, so that the page cache holds them. @returns how many @throws what the system says */
export async function readIntoCache(paths: readonly string[]): Promise<number> {
  const piece = Buffer.alloc(PIECE_BYTES);
  const files = paths.flatMap(weightFiles);
  for (const file of files) {
    const handle = await open(file);
    try {
      while ((await handle.read(piece)).bytesRead > 0);
    } finally {
      await handle.close();
    }
  }
  return files.length;
}
