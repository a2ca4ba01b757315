import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { renderJson } from '#report/render/json';
import type { Report } from '#schema/report';
import { writeFiles } from './write-files.ts';

const CHARTS = 'charts';
const CHART = /^[\w.-]+\.vl\.json$/;

/** Charts that an earlier report in the same folder had, and this one does not: they would be taken for its own. */
function removeOtherCharts(out: string, own: Readonly<Record<string, string>>): void {
  const folder = join(out, CHARTS);
  // A link leads to what is not of this report.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter(e => e.isFile()))
    if (CHART.test(name) && !Object.hasOwn(own, `${CHARTS}/${name}`)) rmSync(join(folder, name), { force: true });
}

/** Writes the report in all its forms into a folder, in place of one that is there. @throws ForensicsError not-writable */
export async function writeReport(report: Report, out: string): Promise<void> {
  // Vega is large: a command that draws nothing should not wait for it.
  const [{ chartSpecs }, { renderHtml }, { renderMarkdown }, { renderSummary }] = await Promise.all([
    import('#report/render/chart-specs'),
    import('#report/render/html'),
    import('#report/render/markdown'),
    import('#report/render/summary/markdown'),
  ]);
  const charts = Object.fromEntries(
    chartSpecs(report).map(({ name, spec }) => [`${CHARTS}/${name}.vl.json`, `${JSON.stringify(spec, null, 1)}\n`]),
  );
  writeFiles(out, {
    ...charts,
    'report.md': renderMarkdown(report),
    'summary.md': renderSummary(report),
    'report.html': await renderHtml(report),
    'report.json': renderJson(report),
  });
  removeOtherCharts(out, charts);
}
