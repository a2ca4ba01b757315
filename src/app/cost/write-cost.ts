import { writeFiles } from '#app/files/write-files';
import { costMarkdown } from '#report/render/decide/cost-markdown';
import type { Cost } from '#schema/cost';

/** The files of a cost, by name. */
export const costFiles = (cost: Cost): Readonly<Record<'cost_analysis.md' | 'cost_metrics.json', string>> => ({
  'cost_analysis.md': costMarkdown(cost),
  'cost_metrics.json': `${JSON.stringify(cost, null, 2)}\n`,
});

/** Writes cost_analysis.md and cost_metrics.json into a folder. @throws ForensicsError not-writable */
export const writeCost = (folder: string, cost: Cost): void => writeFiles(folder, costFiles(cost));
