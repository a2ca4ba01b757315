import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAbandoned, MARK, ownMark } from './owner.ts';

const PART = new RegExp(`\\.(${MARK})\\.part$`);

/** The name of a file until it is whole. */
export const partOf = (file: string): string => `${file}.${ownMark()}.part`;

/** Removes what was being written to a folder when a process was killed. A folder that is not there holds none. */
export function sweepParts(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const [, mark] = PART.exec(entry.name) ?? [];
      if (mark !== undefined && entry.isFile() && isAbandoned(mark)) rmSync(join(folder, entry.name), { force: true });
    }
  } catch {
    // What cannot be read cannot be swept: whoever writes to it says why.
  }
}
