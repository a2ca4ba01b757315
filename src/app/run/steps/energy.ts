import { existsSync } from 'node:fs';
import { priceFiles } from '#app/energy/price-files';
import { readSeries } from '#app/inputs/read-series';
import { ForensicsError } from '#core/errors';
import type { Energy, EnergyRun, EnergyRuns } from '#schema/energy';
import type { RunContext } from '../context.ts';
import { pricesOf } from '../prices.ts';
import { loadsIn } from './loads.ts';

const GPU_SAMPLES = 'gpu.csv';

/** The accounts of one load, whichever number of stages it has. */
function runsOf(folder: string, found: Energy | EnergyRuns): EnergyRun[] {
  const file = `${folder}/load.json`;
  if ('runs' in found) return found.runs.map(run => ({ ...run, file }));
  return [{ file, run: 1, label: null, concurrency: null, requested_rate: null, energy: found, why_none: null }];
}

/** The energy of each load whose GPUs were sampled. @returns with what could not be told */
export async function energyOf(context: RunContext): Promise<{ readonly energy: EnergyRuns; readonly notes: readonly string[] }> {
  const { place, plan, env, note } = context;
  const runs: EnergyRun[] = [];
  const notes: string[] = [];
  for (const { folder } of loadsIn(place, plan)) {
    const files = [place.of(folder, GPU_SAMPLES), place.of(folder, 'load.json')];
    if (!existsSync(place.of(folder, GPU_SAMPLES))) {
      notes.push(`${folder}: no power was sampled, so it has no energy and no cost`);
      continue;
    }
    try {
      const request = { prices: pricesOf(plan), window: undefined, idleWindow: undefined, gpus: undefined, zoneHours: undefined };
      const found = await priceFiles(files, request, { env, progress: line => note('cost_calculation.log', line) });
      runs.push(...runsOf(folder, found.energy));
      for (const line of found.notes) note('cost_calculation.log', line);
    } catch (error) {
      if (!(error instanceof ForensicsError)) throw error;
      notes.push(`${folder} has no energy: ${error.message}`);
    }
  }
  return { energy: { schema: 'forensics.energy-runs/1', runs, notes: [] }, notes };
}

/** The highest power of all GPUs together, in one round of their sampler; undefined where none tells it. */
export function highestTogether(context: RunContext): number | undefined {
  let most_w: number | undefined;
  for (const { folder } of loadsIn(context.place, context.plan)) {
    const file = context.place.of(folder, GPU_SAMPLES);
    const series = existsSync(file) ? readSeries(file)?.series : undefined;
    if (series?.kind !== 'gpu') continue;
    let round = new Map<number, number>();
    const close = () => {
      const sum = [...round.values()].reduce((total, value_w) => total + value_w, 0);
      if (round.size > 0) most_w = Math.max(most_w ?? 0, sum);
    };
    for (const { gpu, power_w } of series.rows) {
      // A GPU that is there already begins the next round.
      if (round.has(gpu)) {
        close();
        round = new Map();
      }
      if (power_w !== null) round.set(gpu, power_w);
    }
    close();
  }
  return most_w;
}
