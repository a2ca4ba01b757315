import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Bytes } from './units.ts';

/** More than any file of ours that is read whole: a report of a long run takes some ten. */
const LARGEST: Bytes = 256 * 2 ** 20;

/**
 * The text of a file that may be there. A pipe of that name would be waited for, a device read for ever.
 * @returns undefined where there is none, where it is no plain file, may not be read, or is larger than `most`
 */
export function textIn(path: string, most: Bytes = LARGEST): string | undefined {
  let fd: number | undefined;
  try {
    // Without waiting for who writes into a pipe: what it is, is looked at first.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    return stats.isFile() && stats.size <= most ? readFileSync(fd, 'utf8') : undefined;
  } catch (error) {
    // Anything else than a word of the system is a mistake of ours.
    if (error instanceof Error && 'syscall' in error) return undefined;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
