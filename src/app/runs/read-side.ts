import { ForensicsError } from '#core/errors';
import { baselineFile, isBaselineName } from './baselines.ts';
import type { ReadRun } from './read-run.ts';
import { readRuns } from './read-runs.ts';
import type { RunReading } from './reading.ts';

/** @throws ForensicsError bad-argument where a side names a run twice */
function assertDistinct(runs: readonly ReadRun[]): void {
  const seen = new Map<string, string>();
  for (const { run } of runs) {
    const key = run.inputs.join(' ');
    const other = key === '' ? undefined : seen.get(key);
    if (other !== undefined)
      throw new ForensicsError(
        'bad-argument',
        `${other} and ${run.name} are one run: their files are the same`,
        'Name each run once: a run that is counted twice makes noise look small.',
      );
    seen.set(key, run.name);
  }
}

/**
 * The runs of one side, each once.
 * @param paths as `readRuns` takes them, or `baseline:NAME`
 * @param baselines where named baselines lie
 * @throws ForensicsError bad-argument where a run is there twice, and as `readRuns`
 */
export async function readSide(paths: readonly string[], baselines: string, reading: RunReading): Promise<readonly ReadRun[]> {
  const found: ReadRun[] = [];
  for (const path of paths) found.push(...(await readRuns(isBaselineName(path) ? baselineFile(baselines, path) : path, reading)));
  assertDistinct(found);
  return found;
}
