import { join } from 'node:path';
import { assertExists, filesIn } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { foldersIn, isRunFolder } from './folder.ts';
import { runsOfEntry, runsOfFile } from './of-file.ts';
import { runOfFolder } from './of-folder.ts';
import type { ReadRun } from './read-run.ts';
import type { RunReading } from './reading.ts';

/**
 * The runs that a path stands for. A folder with a trace, a report or what `forensics load` or `capture` wrote is one run; of any other
 * each file is, and each folder in it that is one.
 * @throws ForensicsError not-found, unsupported, bad-argument, unknown-format, bad-record, and what an analysis may throw
 */
export async function readRuns(path: string, reading: RunReading): Promise<readonly ReadRun[]> {
  assertExists(path);
  if (statsOf(path)?.isDirectory() !== true) return runsOfFile(path, reading);
  if (await isRunFolder(path, reading)) return [await runOfFolder(path, reading)];
  const runs: ReadRun[] = [];
  for (const folder of foldersIn(path)) if (await isRunFolder(folder, reading)) runs.push(await runOfFolder(folder, reading));
  for (const file of filesIn(path, reading.tell)) runs.push(...(await runsOfEntry(file, reading)));
  if (runs.length > 0) return runs;
  throw new ForensicsError(
    'not-found',
    `${join(path, '')} holds no run: no result of a load test, report, trace or test of a machine`,
    'Name the files themselves; docs/compare.md says what is read.',
  );
}
