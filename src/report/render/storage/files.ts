import type { Spec } from 'vega';
import type { StorageAnalysis } from '#schema/storage-analysis';
import { inLightColours } from '../charts/palette.ts';
import { standaloneSpec } from '../charts/standalone.ts';
import { hypothesisChart } from './chart.ts';
import { storageDrawings, storageHtml } from './html.ts';
import { storageMarkdown } from './markdown.ts';
import { tablesOf } from './tables.ts';

const FIGURE_WIDTH = 860;
const json = (value: object | Spec): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * All that is written of an analysis, by its path below the folder: report.html, report.md, report.json, and what the harness promised:
 * figures/MODEL/ (each chart as SVG, and as a Vega-Lite specification that holds its data) and tables/MODEL/ (CSV).
 */
export async function storageFiles(analysis: StorageAnalysis): Promise<Readonly<Record<string, string>>> {
  const drawings = await storageDrawings(analysis);
  const files: Record<string, string> = {
    'report.html': await storageHtml(analysis, drawings),
    'report.md': storageMarkdown(analysis),
    'report.json': json(analysis),
  };
  for (const model of analysis.models) {
    for (const [name, text] of Object.entries(tablesOf(model))) files[`tables/${model.model}/${name}`] = text;
    for (const result of model.hypotheses) {
      const drawing = drawings.get(result);
      if (drawing === undefined || drawing.absent !== null) continue;
      const drawn = { model: model.model, result };
      files[`figures/${model.model}/${result.code}.svg`] = inLightColours({ svg: drawing.svg }).svg;
      files[`figures/${model.model}/${result.code}.vl.json`] = json(standaloneSpec(hypothesisChart(drawn), drawn, FIGURE_WIDTH));
    }
  }
  return files;
}
