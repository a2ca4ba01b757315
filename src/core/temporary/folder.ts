import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ForensicsError } from '#core/errors';
import { lazily } from '#core/lazily';
import { isAbandoned, MARK, ownMark } from './owner.ts';

/** Where temporary files go: what TMPDIR names, else the system's place for them. */
export const temporaryRoot = (): string => tmpdir();

/** A folder for what is needed for a while. */
export interface TemporaryFolder {
  readonly path: string;
  readonly dispose: () => void;
}

const OURS = new RegExp(`^forensics-(${MARK})-\\w{6}$`);
const kept = new Set<string>();

const remove = (path: string): void => {
  kept.delete(path);
  rmSync(path, { recursive: true, force: true });
};

/** What nobody disposed of goes with the process, where that ends by itself. Where a signal ends it, whoever comes next sweeps. */
const removeAtExit = lazily(() => {
  process.once('exit', () => {
    for (const path of kept) remove(path);
  });
  return true;
});

/**
 * Makes a folder of our own, which only this user can read. Those that processes left behind which are gone are removed on the way.
 * @throws ForensicsError not-writable
 */
export function temporaryFolder(): TemporaryFolder {
  sweepTemporary();
  removeAtExit();
  try {
    const path = mkdtempSync(join(temporaryRoot(), `forensics-${ownMark()}-`));
    kept.add(path);
    return { path, dispose: () => remove(path) };
  } catch {
    throw new ForensicsError(
      'not-writable',
      `nothing can be written to ${temporaryRoot()}`,
      'Set TMPDIR to a folder that can hold unpacked files.',
    );
  }
}

/** Removes the temporary folders of this user's processes that ended without doing so themselves: killed ones. */
export function sweepTemporary(): void {
  const root = temporaryRoot();
  for (const name of namesIn(root)) {
    const [, mark] = OURS.exec(name) ?? [];
    if (mark === undefined || !isAbandoned(mark)) continue;
    const path = join(root, name);
    try {
      const stats = lstatSync(path);
      // Whoever shares the place may give any name to what is theirs.
      if (stats.isDirectory() && stats.uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else swept it.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
