import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeFiles } from '#app/files/write-files';
import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { readRuns } from '#app/runs/read-runs';
import { version } from '#app/version';
import { ForensicsError } from '#core/errors';
import { Baseline, type Run } from '#schema/run';

/** Where baselines lie unless a folder is named: below the folder that one works in, so that git can hold them. */
export const BASELINES = 'forensics-baselines';
const PREFIX = 'baseline:';
/** A name of a file on every system, and no option. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,99}$/u;
const ENDING = '.json';

/** Whether a word of a command line names a baseline. */
export const isBaselineName = (word: string): boolean => word.startsWith(PREFIX);

function fileOf(folder: string, name: string): string {
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
  const file = fileOf(folder, word.slice(PREFIX.length));
  if (existsSync(file)) return file;
  const known = baselinesIn(folder);
  throw new ForensicsError(
    'not-found',
    `${folder} holds no baseline ${basename(file, ENDING)}${known.length === 0 ? '' : `: it holds ${known.join(', ')}`}`,
    'Save one with `forensics baseline save NAME RUN...`, or say where it lies with --baselines.',
  );
}

/**
 * Keeps runs under a name: their figures, settings, causes and kernels, and none of their requests.
 * @returns the file that was written, and the runs in it
 * @throws ForensicsError bad-argument where the name is taken, not-writable, and as `readRuns`
 */
export const saveBaseline = (
  request: { readonly name: string; readonly paths: readonly string[]; readonly folder: string; readonly force: boolean },
  around: Surroundings,
): Promise<{ readonly file: string; readonly runs: readonly Run[] }> =>
  withScratch(around, async scratch => {
    const file = fileOf(request.folder, request.name);
    if (existsSync(file) && !request.force)
      throw new ForensicsError('bad-argument', `${file} is there already`, 'Choose another name, or replace it with --force.');
    const runs: Run[] = [];
    for (const path of request.paths)
      runs.push(...(await readRuns(path, { scratch, env: around.env, tell: around.progress })).map(({ run }) => run));
    const baseline = Baseline.parse({
      ...{ schema: 'forensics.baseline/1', tool: { name: 'forensics', version: version() } },
      ...{ name: request.name, runs },
    } satisfies Baseline);
    writeFiles(dirname(file), { [basename(file)]: `${JSON.stringify(baseline, null, 2)}\n` });
    return { file, runs };
  });
