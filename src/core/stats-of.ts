import { type Stats, statSync } from 'node:fs';

/**
 * What lies at a path; undefined where it leads nowhere: nothing is there, a link goes round in a circle, a name is longer than the file
 * system takes, or a folder on the way is closed to us.
 */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    // Anything else than a word of the system is a mistake of ours.
    if (error instanceof Error && 'syscall' in error) return undefined;
    throw error;
  }
}
