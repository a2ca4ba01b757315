import { closeSync, openSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { ForensicsError } from '#core/errors';
import { makeFolder } from '#core/make-folder';
import { reasonOf } from '#core/reason-of';
import { statsOf } from '#core/stats-of';
import { partOf, sweepParts } from '#core/temporary/parts';

/**
 * Writes files into a folder, each under a temporary name first, so that none is ever seen half-written. What a process that was killed
 * left half-written there is removed.
 * @param files texts by their paths below the folder
 * @throws ForensicsError not-writable
 */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  const temporary: string[] = [];
  try {
    for (const [name, text] of Object.entries(files)) {
      const target = join(folder, name);
      makeFolder(dirname(target));
      assertWithin(folder, dirname(target));
      sweepParts(dirname(target));
      const part = partOf(target);
      temporary.push(part);
      // Whatever has that name is not ours to write through.
      rmSync(part, { force: true });
      writeFileSync(part, text, { flag: 'wx' });
    }
    for (const name of Object.keys(files)) renameSync(partOf(join(folder, name)), join(folder, name));
  } catch (error) {
    for (const part of temporary) rmSync(part, { force: true });
    if (error instanceof ForensicsError) throw error;
    throw new ForensicsError(
      'not-writable',
      `the report cannot be written to ${folder} (${reasonOf(error)})`,
      'Choose another folder with --out.',
    );
  }
}

/** A folder of a report may have been put there by a stranger, and a link in it leads anywhere. @throws ForensicsError not-writable */
function assertWithin(folder: string, place: string): void {
  const [root, real] = [realpathSync(folder), realpathSync(place)];
  if (real !== root && !real.startsWith(`${root}${sep}`))
    throw new ForensicsError(
      'not-writable',
      `the report cannot be written to ${folder}: ${place} leads to ${real}`,
      'Remove that link, or choose another folder with --out.',
    );
}

/** Makes a folder that must be new or empty. @throws ForensicsError bad-argument when something is there, not-writable when it cannot be made */
export function emptyFolder(path: string): string {
  const folder = resolve(path);
  const there = statsOf(folder);
  if (there !== undefined && (!there.isDirectory() || readdirSync(folder).length > 0))
    throw new ForensicsError('bad-argument', `${folder} is there already, and not empty`, 'Name a new folder with --out.');
  try {
    makeFolder(folder);
  } catch (error) {
    const why = reasonOf(error);
    throw new ForensicsError('not-writable', `${folder} cannot be made (${why})`, 'Choose another folder with --out.');
  }
  return folder;
}

/** What is written at once. */
const PIECE_CHARS = 1 << 20;

/**
 * Writes a file piece by piece: it may be larger than a string can be. It is seen only when it is whole.
 * @throws ForensicsError not-writable
 */
export function writePieces(file: string, pieces: Iterable<string>): void {
  const part = partOf(file);
  try {
    makeFolder(dirname(resolve(file)));
    sweepParts(dirname(resolve(file)));
    const fd = openSync(part, 'w');
    try {
      let text = '';
      for (const piece of pieces) {
        text += piece;
        if (text.length < PIECE_CHARS) continue;
        writeSync(fd, text);
        text = '';
      }
      writeSync(fd, text);
    } finally {
      closeSync(fd);
    }
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    const why = reasonOf(error);
    throw new ForensicsError('not-writable', `${file} cannot be written (${why})`, 'Name another file.');
  }
}
