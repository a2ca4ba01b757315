import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isTimed, passable } from '#app/inputs/named-files';
import { filesIn, isTrace, tracesAmong } from '#app/inputs/traces';
import { statsOf } from '#core/stats-of';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { RunReading } from './reading.ts';

/** Files that a run leaves once. */
const OF_ONE_RUN = [
  'case.json',
  'report.json',
  'load.json',
  'load_test_results.json',
  'certification.json',
  'physics.json',
  'journal.jsonl',
  join('report', 'report.json'),
];

/** The folders in a folder, by name. */
export const foldersIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .sort()
    .map(name => join(folder, name))
    .filter(path => statsOf(path)?.isDirectory() === true);

/** The files of a folder that hold series. */
export async function seriesIn(folder: string, { scratch }: RunReading): Promise<readonly SeriesFile[]> {
  const found: SeriesFile[] = [];
  for (const file of filesIn(folder)) {
    const series = isTrace(file) ? null : await passable(file, scratch, () => {});
    if (series != null) found.push(series);
  }
  return found;
}

/** Whether a folder is what one run left: it says so, holds a trace, or one file of requests with samples of the time beside it. */
export async function isRunFolder(folder: string, reading: RunReading): Promise<boolean> {
  if (OF_ONE_RUN.some(file => existsSync(join(folder, file)))) return true;
  if (tracesAmong(filesIn(folder)).length > 0) return true;
  const timed = (await seriesIn(folder, reading)).filter(file => isTimed(file.series.kind));
  const requests = timed.filter(file => file.series.kind === 'requests');
  return requests.length === 1 && timed.length > 1;
}
