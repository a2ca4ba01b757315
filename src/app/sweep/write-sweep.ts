import { costFiles } from '#app/cost/write-cost';
import { writeFiles } from '#app/files/write-files';
import { makeFolder } from '#core/make-folder';
import type { Sweep } from '#schema/sweep';

/** Writes a sweep as a page, Markdown, JSON and charts, and its cost, in place of what lies there. @throws ForensicsError not-writable */
export async function writeSweep(folder: string, sweep: Sweep): Promise<void> {
  // Vega is large: who only plans a sweep should not wait for it.
  const [{ sweepCharts, standalone }, { sweepHtml }, { sweepMarkdown }] = await Promise.all([
    import('#report/render/decide/sweep-charts'),
    import('#report/render/decide/sweep-html'),
    import('#report/render/decide/sweep-markdown'),
  ]);
  makeFolder(folder);
  const charts = sweepCharts(sweep).map(
    chart => [`charts/${chart.name}.vl.json`, `${JSON.stringify(standalone(chart), null, 1)}\n`] as const,
  );
  writeFiles(folder, {
    ...Object.fromEntries(charts),
    ...(sweep.cost === null ? {} : costFiles(sweep.cost)),
    'sweep.md': sweepMarkdown(sweep),
    'sweep.html': await sweepHtml(sweep),
    'sweep.json': `${JSON.stringify(sweep, null, 2)}\n`,
  });
}
