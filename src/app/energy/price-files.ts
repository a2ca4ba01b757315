import { basename } from 'node:path';
import { type Expanded, expanded } from '#app/inputs/expanded';
import { readSeries } from '#app/inputs/read-series';
import { type Scratch, type Surroundings, withScratch } from '#app/inputs/scratch';
import { unknownFile } from '#app/inputs/unknown-file';
import { zoneBeside } from '#app/inputs/zone-beside';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { energyOfFiles } from '#energy/of-files';
import type { Prices } from '#energy/prices';
import { readMoments } from '#energy/window';
import { wordEnergy, wordEnergyRuns } from '#report/build/energy';
import type { Energy, EnergyRuns } from '#schema/energy';

/** What to price, and by what. */
export interface EnergyRequest {
  readonly prices: Prices;
  /** As `readMoments` reads them: seconds since the first reading, or dates. */
  readonly window: string | undefined;
  readonly idleWindow: string | undefined;
  /** Numbers of the GPUs that the run worked on; all that were metered otherwise. */
  readonly gpus: readonly number[] | undefined;
  readonly zoneHours: number | undefined;
}

async function read({ path: file, isNamed }: Expanded, scratch: Scratch) {
  const stats = statsOf(file);
  if (stats === undefined) throw new ForensicsError('not-found', `${file} does not exist`, 'Check the path.');
  if (!stats.isFile())
    throw new ForensicsError('bad-argument', `${file} is a pipe or a device, not a file`, 'Save its output to a file, and name that.');
  const found = await attempt(file, isNamed, scratch);
  if (found === undefined && !isNamed) return { path: basename(file), series: undefined };
  if (found === undefined) throw unknownFile(file, await scratch.plain(file));
  return { path: basename(file), series: found.series };
}

/** A file of a folder in a format that is known and not read is passed over like one that is not known. */
async function attempt(file: string, isNamed: boolean, scratch: Scratch) {
  try {
    return readSeries(file, await scratch.plain(file));
  } catch (error) {
    if (isNamed || !(error instanceof ForensicsError) || error.code !== 'unknown-format') throw error;
    return undefined;
  }
}

/**
 * Prices a run from its files alone: power over time, and results of load tests. A folder stands for its files.
 * @returns with sentences of each file on what it lacks
 * @throws ForensicsError not-found, bad-argument, unknown-format, bad-record, clock-mismatch
 */
export const priceFiles = (
  files: readonly string[],
  request: EnergyRequest,
  around: Surroundings,
): Promise<{ readonly energy: Energy | EnergyRuns; readonly notes: readonly string[] }> =>
  withScratch(around, scratch => priceExpanded(files, request, scratch));

async function priceExpanded(
  paths: readonly string[],
  { prices, window, idleWindow, gpus, zoneHours }: EnergyRequest,
  scratch: Scratch,
): Promise<{ readonly energy: Energy | EnergyRuns; readonly notes: readonly string[] }> {
  const named = expanded(paths);
  const files = named.map(({ path }) => path);
  const all: Awaited<ReturnType<typeof read>>[] = [];
  for (const file of named) all.push(await read(file, scratch));
  const inputs = all.flatMap(({ path, series }) => (series === undefined ? [] : [{ path, series }]));
  const passedOver = all.flatMap(({ path, series }) => (series === undefined ? [`passed over ${path}: no known format`] : []));
  const found = energyOfFiles(inputs, {
    prices,
    window: window === undefined ? undefined : readMoments(window, '--window'),
    idle: idleWindow === undefined ? undefined : readMoments(idleWindow, '--idle-window'),
    gpus,
    zoneHours: zoneHours ?? zoneBeside(files),
  });
  const notes = inputs.flatMap(({ path, series }) => [...series.warnings, ...series.limits].map(line => `${path}: ${line}`));
  return { energy: 'runs' in found ? wordEnergyRuns(found) : wordEnergy(found), notes: [...passedOver, ...notes] };
}
