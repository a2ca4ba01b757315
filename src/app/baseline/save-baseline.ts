import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { writeFiles } from '#app/files/write-files';
import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { baselinePath } from '#app/runs/baselines';
import { readSide } from '#app/runs/read-side';
import { version } from '#app/version';
import { ForensicsError } from '#core/errors';
import { Baseline, type Run } from '#schema/run';

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
    const file = baselinePath(request.folder, request.name);
    if (existsSync(file) && !request.force)
      throw new ForensicsError('bad-argument', `${file} is there already`, 'Choose another name, or replace it with --force.');
    const reading = { scratch, env: around.env, tell: around.progress };
    const runs = (await readSide(request.paths, request.folder, reading)).map(({ run }) => run);
    const baseline = Baseline.parse({
      ...{ schema: 'forensics.baseline/1', tool: { name: 'forensics', version: version() } },
      ...{ name: request.name, runs },
    } satisfies Baseline);
    writeFiles(dirname(file), { [basename(file)]: `${JSON.stringify(baseline, null, 2)}\n` });
    return { file, runs };
  });
