import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSeries } from '#app/inputs/read-series';
import { assertExists } from '#app/inputs/traces';
import { readRuns } from '#app/runs/read-runs';
import type { RunReading } from '#app/runs/reading';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { goodput } from '#decide/sweep/goodput';
import { type Varied, variedIn } from '#decide/sweep/settings';
import type { Run } from '#schema/run';
import type { Target } from '#schema/targets';
import { sweepInTable, tableText } from './read-table.ts';

/** What a sweep is read from. */
export interface SweepSources {
  /** As those of a comparison; VALUE=PATH says at which setting a path was measured. */
  readonly paths: readonly string[];
  readonly over?: string | undefined;
  readonly table?: number | undefined;
  readonly limits: readonly Target[];
}

const LABELLED = /^([^=/]{1,60})=(.+)$/;

/** A path, and at which setting it was measured where that stands before it. */
function labelled(word: string): { readonly path: string; readonly value?: string } {
  const [, value, path] = LABELLED.exec(word) ?? [];
  return value === undefined || path === undefined || existsSync(word) ? { path: word } : { path, value };
}

/** The share of the requests of one load that are good, where their file is there. */
function withGoodput(run: Run, path: string, limits: readonly Target[]): Run {
  const file = statsOf(path)?.isDirectory() === true ? join(path, 'requests.jsonl') : path;
  const isOneLoad = new Set(run.figures.map(figure => figure.setting)).size === 1;
  if (limits.length === 0 || !isOneLoad || !existsSync(file)) return run;
  const series = readSeries(file)?.series;
  if (series?.kind !== 'requests') return run;
  const [first] = run.figures;
  const more = goodput(series.rows, limits).map(figure => ({ ...figure, setting: first?.setting ?? '' }));
  return { ...run, figures: [...run.figures, ...more] };
}

/** The runs behind a word of the command line. */
async function runsOf(word: string, sources: SweepSources, name: string, reading: RunReading): Promise<readonly Run[]> {
  const { path, value } = labelled(word);
  const runs = (await readRuns(path, reading)).map(({ run }) => run);
  const told = runs.map(run => (value === undefined ? run : { ...run, settings: { ...run.settings, [name]: value } }));
  return told.length === 1 ? told.map(run => withGoodput(run, path, sources.limits)) : told;
}

/**
 * What was varied and what was measured, from files.
 * @throws ForensicsError bad-argument where nothing was varied, or two things at once; and as `readRuns`
 */
export async function readSweep(sources: SweepSources, reading: RunReading): Promise<Varied> {
  const { paths, over, table } = sources;
  const [only] = paths;
  if (paths.length === 1 && only !== undefined) {
    assertExists(labelled(only).path);
    const text = statsOf(only)?.isFile() === true ? tableText(only, await reading.scratch.plain(only)) : undefined;
    if (text !== undefined) return sweepInTable(only, text, table);
  }
  const areLabelled = paths.some(path => labelled(path).value !== undefined);
  const name = over ?? (areLabelled ? 'setting' : undefined);
  const runs: Run[] = [];
  for (const path of paths) runs.push(...(await runsOf(path, sources, name ?? 'setting', reading)));
  const varied = variedIn(runs, name);
  if (varied === undefined)
    throw new ForensicsError(
      'bad-argument',
      name === undefined ? 'nothing was varied: all loads have the same setting' : `fewer than two settings of ${name} are told`,
      'Name loads with different settings, or say them: forensics sweep --over dtype fp16=a.json bf16=b.json.',
    );
  if (varied.mixed !== undefined)
    throw new ForensicsError(
      'bad-argument',
      `loads with the same ${varied.over} differ in ${varied.mixed} too: they are no repetitions`,
      `Name the files of one ${varied.mixed}, or go over it with --over "${varied.mixed}".`,
    );
  return varied;
}
