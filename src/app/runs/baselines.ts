import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ForensicsError } from '#core/errors';

/** Where baselines lie unless a folder is named: below the folder that one works in, so that git can hold them. */
export const BASELINES = 'forensics-baselines';
const PREFIX = 'baseline:';
/** A name of a file on every system, and no option. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,99}$/u;
const ENDING = '.json';

/** Whether a word of a command line names a baseline. */
export const isBaselineName = (word: string): boolean => word.startsWith(PREFIX);

/** The file that a baseline of this name is kept in. @throws ForensicsError bad-argument */
export function baselinePath(folder: string, name: string): string {
  if (!NAME.test(name))
    throw new ForensicsError(
      'bad-argument',
      `${name} cannot be the name of a baseline`,
      'Use letters, digits, dots, - and _, as in main or v1.2.',
    );
  return join(folder, `${name}${ENDING}`);
}

/** The names of the baselines in a folder. */
export const baselinesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter(file => file.endsWith(ENDING) && NAME.test(basename(file, ENDING)))
        .map(file => basename(file, ENDING))
        .sort()
    : [];

/** The file of a baseline. @param word `baseline:NAME` @throws ForensicsError bad-argument, not-found */
export function baselineFile(folder: string, word: string): string {
  const file = baselinePath(folder, word.slice(PREFIX.length));
  if (existsSync(file)) return file;
  const known = baselinesIn(folder);
  throw new ForensicsError(
    'not-found',
    `${folder} holds no baseline ${basename(file, ENDING)}${known.length === 0 ? '' : `: it holds ${known.join(', ')}`}`,
    'Save one with `forensics baseline save NAME RUN...`, or say where it lies with --baselines.',
  );
}
