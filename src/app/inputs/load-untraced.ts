import { basename, resolve } from 'node:path';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import type { SeriesFile } from '#input/series/on-trace-clock';
import { besides, type NamedFiles, namedBesides, type Reading } from './load-inputs.ts';
import { type MachineBeside, machineIn, NO_MACHINE } from './machine-beside.ts';
import { isTimed } from './named-files.ts';
import { filesIn, isNamedAsTrace, tracesAmong } from './traces.ts';

/** What there is of a run of which no trace was taken. */
export interface UntracedInputs extends MachineBeside {
  readonly files: readonly SeriesFile[];
  /** What the run is called: after its folder, else after its first file. */
  readonly run: string;
}

/** How much of the three kinds it takes: one alone has nothing to be held against. */
const FEWEST_KINDS = 2;
const CALLED = { requests: 'a load test', gpu: 'GPU samples', host: 'host samples' } as const;

/** Whether what was given holds no trace: files named alone, or a folder without one. A file that is no trace is told so by whoever opens it. */
export const isUntraced = (path: string | undefined, { trace }: NamedFiles): boolean =>
  path === undefined ||
  (trace === undefined &&
    statsOf(path)?.isDirectory() === true &&
    !filesIn(path).some(isNamedAsTrace) &&
    tracesAmong(filesIn(path)).length === 0);

/**
 * Finds the files of a run without a trace.
 * @param folder searched by content, as the folder of a trace is; undefined for named files alone
 * @throws ForensicsError bad-argument, not-a-trace where there are fewer than two kinds; and as `loadInputs`
 */
export async function loadUntraced(folder: string | undefined, named: NamedFiles, reading: Reading): Promise<UntracedInputs> {
  const found = folder === undefined ? [] : await besides(folder, undefined, filesIn(folder, reading.warn), named, reading);
  const files = [...found, ...(await namedBesides(named, reading))];
  const kinds = [...new Set(files.flatMap(f => (isTimed(f.series.kind) ? [f.series.kind] : [])))];
  if (kinds.length < FEWEST_KINDS) throw tooLittle(folder, kinds);
  return {
    files,
    ...(folder === undefined ? NO_MACHINE : machineIn(folder)),
    run: folder === undefined ? (files[0]?.path ?? '') : basename(resolve(folder)),
  };
}

function tooLittle(folder: string | undefined, [only]: readonly (keyof typeof CALLED)[]): ForensicsError {
  const had = only === undefined ? 'nothing beside it' : `${CALLED[only]} alone`;
  if (folder === undefined)
    return new ForensicsError(
      'bad-argument',
      `no trace was named, and ${had}: without a trace it takes two of a load test, GPU samples and host samples`,
      'Name a trace or a folder; or name two of --requests, --gpu and --host.',
    );
  return new ForensicsError(
    'not-a-trace',
    `${folder} holds no SQLite export of Nsight Systems and no recording, and ${had}: without a trace it takes two of a load test, GPU samples and host samples`,
    'Export a trace into it with `nsys export --type sqlite`, or name what is missing with --requests, --gpu or --host.',
  );
}
