import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ForensicsError } from '#core/errors';

/**
 * Writes files into a folder, each under a temporary name first, so that none is ever seen half-written.
 * @param files texts by their paths below the folder
 * @throws ForensicsError not-writable
 */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  const temporary: string[] = [];
  try {
    for (const [name, text] of Object.entries(files)) {
      const target = join(folder, name);
      mkdirSync(dirname(target), { recursive: true });
      const part = `${target}.${process.pid}.part`;
      temporary.push(part);
      writeFileSync(part, text);
    }
    for (const name of Object.keys(files)) renameSync(join(folder, `${name}.${process.pid}.part`), join(folder, name));
  } catch (error) {
    for (const part of temporary) rmSync(part, { force: true });
    throw new ForensicsError(
      'not-writable',
      `the report cannot be written to ${folder} (${error instanceof Error ? error.message : 'unknown reason'})`,
      'Choose another folder with --out.',
    );
  }
}

/** Makes a folder that must be new or empty. @throws ForensicsError bad-argument when something is there, not-writable when it cannot be made */
export function emptyFolder(path: string): string {
  const folder = resolve(path);
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there !== undefined && (!there.isDirectory() || readdirSync(folder).length > 0))
    throw new ForensicsError('bad-argument', `${folder} is there already, and not empty`, 'Name a new folder with --out.');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason';
    throw new ForensicsError('not-writable', `${folder} cannot be made (${why})`, 'Choose another folder with --out.');
  }
  return folder;
}
