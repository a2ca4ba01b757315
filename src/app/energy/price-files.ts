import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { readSeries } from '#app/inputs/load-inputs';
import { zoneBeside } from '#app/inputs/zone-beside';
import { ForensicsError } from '#core/errors';
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

function read(file: string) {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new ForensicsError('not-found', `${file} does not exist`, 'Check the path.');
  if (!stats.isFile()) throw new ForensicsError('bad-argument', `${file} is not a file`, 'Name the files themselves.');
  const found = readSeries(file);
  if (found === undefined)
    throw new ForensicsError('unknown-format', `${file} is in no format that is known here`, 'See docs/formats.md for those that are.');
  return { path: basename(file), series: found.series };
}

/**
 * Prices a run from its files alone: power over time, and results of load tests.
 * @returns with sentences of each file on what it lacks
 * @throws ForensicsError not-found, bad-argument, unknown-format, bad-record, clock-mismatch
 */
export function priceFiles(
  files: readonly string[],
  { prices, window, idleWindow, gpus, zoneHours }: EnergyRequest,
): { readonly energy: Energy | EnergyRuns; readonly notes: readonly string[] } {
  const inputs = files.map(read);
  const found = energyOfFiles(inputs, {
    prices,
    window: window === undefined ? undefined : readMoments(window, '--window'),
    idle: idleWindow === undefined ? undefined : readMoments(idleWindow, '--idle-window'),
    gpus,
    zoneHours: zoneHours ?? zoneBeside(files),
  });
  const notes = inputs.flatMap(({ path, series }) => [...series.warnings, ...series.limits].map(line => `${path}: ${line}`));
  return { energy: 'runs' in found ? wordEnergyRuns(found) : wordEnergy(found), notes };
}
