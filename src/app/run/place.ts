import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ForensicsError } from '#core/errors';
import { makeFolder } from '#core/make-folder';
import { reasonOf } from '#core/reason-of';

/** Where a run lies. What may hold secrets stays in a folder beside it, which only its owner can read. */
export interface Place {
  readonly path: string;
  /** The plan, what the server printed, and who works on it now. */
  readonly private: string;
  /** A path below the folder. */
  readonly of: (...parts: readonly string[]) => string;
}

/** The paths of a run, whether or not it exists. */
function placeOf(out: string): Place {
  const path = resolve(out);
  return { path, private: `${path}.private`, of: (...parts) => join(path, ...parts) };
}

/** Makes the folders of a new run. @throws ForensicsError bad-argument where something is there, not-writable */
export function makePlace(out: string): Place {
  const place = placeOf(out);
  for (const taken of [place.path, place.private])
    if (existsSync(taken) && (!lstatSync(taken).isDirectory() || readdirSync(taken).length > 0))
      throw new ForensicsError(
        'bad-argument',
        `${taken} is there already, and not empty`,
        `Name a new folder with --out, or go on with that run: add --resume ${out} to the same command line.`,
      );
  return made(place);
}

/**
 * The place of a run that was cut off. It may come from a stranger, so that nothing in it may lead out of it.
 * @throws ForensicsError not-found; bad-record for a link, a pipe or a device in it
 */
export function takePlace(out: string): Place {
  const place = placeOf(out);
  if (!existsSync(place.of('steps')))
    throw new ForensicsError(
      'not-found',
      `${place.path} is no folder of a run (it has no steps/)`,
      'Name the folder that forensics run made.',
    );
  for (const folder of [place.path, place.private].filter(path => existsSync(path)))
    for (const entry of [{ name: '', parentPath: folder, ...kindOf(folder) }, ...entriesOf(folder)])
      if (!entry.isFile() && !entry.isDirectory())
        throw new ForensicsError(
          'bad-record',
          `${join(entry.parentPath, entry.name)} is a link or no file: nothing in a run may lead out of it`,
          'Remove it, or measure anew into another folder.',
        );
  return made(place);
}

function kindOf(path: string) {
  const stats = lstatSync(path);
  return { isFile: () => stats.isFile(), isDirectory: () => stats.isDirectory() };
}

const entriesOf = (folder: string) =>
  lstatSync(folder).isDirectory() ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];

function made(place: Place): Place {
  try {
    makeFolder(place.path);
    makeFolder(place.private, 0o700);
    makeFolder(place.of('steps'));
    return place;
  } catch (error) {
    throw new ForensicsError('not-writable', `${place.path} cannot be made (${reasonOf(error)})`, 'Choose another folder with --out.');
  }
}
