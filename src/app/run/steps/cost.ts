import { writeFiles } from '#app/files/write-files';
import { costAnalysis } from '#report/render/guide/cost-analysis';
import { costMetrics } from '#report/render/guide/cost-metrics';
import { powerMetrics } from '#report/render/guide/power-metrics';
import type { RunStep } from '../context.ts';
import { energyOf, highestTogether } from './energy.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Energy and cost of each load, and the guide's files of them. */
export const costStep: RunStep = {
  id: 'cost',
  what: 'account for energy and cost of each load',
  kind: 'derived',
  asksServer: false,
  files: ['energy.json', 'power_metrics.json', 'cost_metrics.json', 'cost_analysis.md'],
  log: 'cost_calculation.log',
  act: async context => {
    const { energy, notes } = await energyOf(context);
    const power = powerMetrics(energy, highestTogether(context));
    const cost = costMetrics(energy);
    writeFiles(context.place.path, {
      'energy.json': json(energy),
      ...(power === undefined ? {} : { 'power_metrics.json': json(power) }),
      'cost_metrics.json': json(cost),
      'cost_analysis.md': costAnalysis(energy, cost, notes),
    });
    return notes;
  },
};
