import { renderJson } from '#report/render/json';
import type { Report } from '#schema/report';
import { writeFiles } from './write-files.ts';

/** Writes the report in all its forms into a folder. @throws ForensicsError not-writable */
export async function writeReport(report: Report, out: string): Promise<void> {
  // Vega is large: a command that draws nothing should not wait for it.
  const [{ chartSpecs }, { renderHtml }, { renderMarkdown }, { renderSummary }] = await Promise.all([
    import('#report/render/chart-specs'),
    import('#report/render/html'),
    import('#report/render/markdown'),
    import('#report/render/summary/markdown'),
  ]);
  const charts = Object.fromEntries(
    chartSpecs(report).map(({ name, spec }) => [`charts/${name}.vl.json`, `${JSON.stringify(spec, null, 1)}\n`]),
  );
  writeFiles(out, {
    ...charts,
    'report.md': renderMarkdown(report),
    'summary.md': renderSummary(report),
    'report.html': await renderHtml(report),
    'report.json': renderJson(report),
  });
}
