import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { assertExists } from '#app/inputs/traces';
import { readRuns } from '#app/runs/read-runs';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { MOST_RUNS, stepChanges } from '#decide/change-points/step-changes';
import { wordHistory } from '#report/build/decide/history';
import type { History } from '#schema/history';
import type { Run } from '#schema/run';
import { isHistoryTable, runsOfTable } from './read-table.ts';

/** Two runs before a change and two after it. */
const FEWEST = 4;

/** Oldest first; runs that do not say when they were stay where they were named. */
function inOrder(runs: readonly Run[]): { readonly runs: readonly Run[]; readonly byTime: boolean } {
  const byTime = runs.every(run => run.time_ns !== null);
  const natural = new Intl.Collator('en', { numeric: true });
  const order = (a: Run, b: Run) => {
    const [x, y] = [BigInt(a.time_ns ?? 0), BigInt(b.time_ns ?? 0)];
    return !byTime || x === y ? natural.compare(a.name, b.name) : x < y ? -1 : 1;
  };
  return { runs: runs.toSorted(order), byTime };
}

/**
 * Finds the step changes of a history of runs.
 * @param paths as those of a comparison, folders of runs among them; or tables with a column of times
 * @throws ForensicsError bad-argument where there are too few runs, and as `readRuns`
 */
export const readHistory = (paths: readonly string[], around: Surroundings): Promise<History> =>
  withScratch(around, async scratch => {
    const found: Run[] = [];
    for (const path of paths) {
      assertExists(path);
      const content = statsOf(path)?.isFile() === true ? await scratch.plain(path) : undefined;
      if (content !== undefined && isHistoryTable(content)) found.push(...runsOfTable(path, content));
      else found.push(...(await readRuns(path, { scratch, env: around.env, tell: around.progress })).map(({ run }) => run));
    }
    // The same run in a folder and in another is one.
    const distinct = [...new Map(found.map(run => [run.inputs.join(' ') || run.name, run])).values()];
    if (distinct.length < FEWEST)
      throw new ForensicsError(
        'bad-argument',
        `a history of ${distinct.length} ${distinct.length === 1 ? 'run' : 'runs'} shows no change: it takes ${FEWEST}`,
        'Name more runs, or compare two sides with forensics compare.',
      );
    around.progress(`looking for changes in ${Math.min(distinct.length, MOST_RUNS)} runs`);
    const { runs, byTime } = inOrder(distinct);
    return wordHistory({ ...stepChanges(runs), runs, byTime, leftOut: Math.max(0, runs.length - MOST_RUNS) });
  });
