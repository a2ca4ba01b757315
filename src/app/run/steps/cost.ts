import { costOfPaths } from '#app/cost/cost-paths';
import { writeCost } from '#app/cost/write-cost';
import { writeFiles } from '#app/files/write-files';
import { powerMetrics } from '#report/render/guide/power-metrics';
import type { EnergyRuns } from '#schema/energy';
import type { RunStep } from '../context.ts';
import { pricesOf } from '../prices.ts';
import { energyOf, highestTogether } from './energy.ts';
import { loadsIn } from './loads.ts';
import { relativeTo } from './relative.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** GPUs that were metered at work: those that are paid for. Undefined where none was. */
function paidGpus({ runs }: EnergyRuns): number | undefined {
  const counts = runs.map(({ energy }) => energy?.metered.filter(m => m.level === 'gpu' && m.in_use).length ?? 0);
  const most = Math.max(0, ...counts);
  return most === 0 ? undefined : most;
}

/** Energy and cost of each load, and the guide's files of them. */
export const costStep: RunStep = {
  id: 'cost',
  what: 'account for energy and cost of each load',
  kind: 'derived',
  asksServer: false,
  files: ['energy.json', 'power_metrics.json', 'cost_metrics.json', 'cost_analysis.md'],
  log: 'cost_calculation.log',
  act: async context => {
    const { place, plan, env, note } = context;
    const loads = loadsIn(place, plan).map(({ folder }) => place.of(folder));
    if (loads.length === 0) return ['no load was measured, so nothing has a cost'];
    const { energy, notes } = await energyOf(context);
    const power = powerMetrics(energy, highestTogether(context));
    writeFiles(place.path, {
      'energy.json': json(energy),
      ...(power === undefined ? {} : { 'power_metrics.json': json(power) }),
    });
    const asked = { ...pricesOf(plan), gpus: paidGpus(energy), apiPrices: plan.cost.api_prices };
    const cost = await costOfPaths(loads, asked, { env, progress: line => note('cost_calculation.log', line) });
    writeCost(place.path, relativeTo(place, cost));
    return [...notes, ...(cost.rows.some(row => row.cost !== null) ? [] : [cost.answer])];
  },
};
