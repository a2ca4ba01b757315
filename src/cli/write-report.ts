import { resolve } from 'node:path';
import { renderJson } from '#report/render/json';
import type { Report } from '#schema/report';
import { say, writeFiles } from './output.ts';

export const SEVERITIES = ['low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Writes the report in all its forms into a folder. */
export async function writeReport(report: Report, out: string): Promise<void> {
  // Vega is large: a command that draws nothing should not wait for it.
  const [{ chartSpecs }, { renderHtml }, { renderMarkdown }] = await Promise.all([
    import('#report/render/chart-specs'),
    import('#report/render/html'),
    import('#report/render/markdown'),
  ]);
  const charts = Object.fromEntries(
    chartSpecs(report).map(({ name, spec }) => [`charts/${name}.vl.json`, `${JSON.stringify(spec, null, 1)}\n`]),
  );
  writeFiles(out, {
    ...charts,
    'report.md': renderMarkdown(report),
    'report.html': await renderHtml(report),
    'report.json': renderJson(report),
  });
}

/** 1 when a finding is at least as severe as asked, else 0. */
export function exitCode(report: Report, failOn: Severity | undefined): 0 | 1 {
  if (failOn === undefined) return 0;
  const least = SEVERITIES.indexOf(failOn);
  return report.findings.some(f => f.severity !== 'info' && SEVERITIES.indexOf(f.severity) >= least) ? 1 : 0;
}

/** Prints the answer and where the report is, or the whole report as JSON. */
export function printReport(report: Report, out: string, json: boolean): void {
  if (json) say(renderJson(report).trimEnd());
  else say(`${report.answer}\n\nReport: ${resolve(out, 'report.html')}`);
}
