import { resolve } from 'node:path';
import { renderJson } from '#report/render/json';
import type { Report } from '#schema/report';
import type { Terminal } from './terminal.ts';

export { writeReport } from '#app/files/write-report';

export const SEVERITIES = ['low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** 1 when a finding is at least as severe as asked, else 0. */
export function exitCode(report: Report, failOn: Severity | undefined): 0 | 1 {
  if (failOn === undefined) return 0;
  const least = SEVERITIES.indexOf(failOn);
  return report.findings.some(f => f.severity !== 'info' && SEVERITIES.indexOf(f.severity) >= least) ? 1 : 0;
}

/** Prints the answer and where the report is, or the whole report as JSON. */
export function printReport({ say }: Terminal, report: Report, out: string, json: boolean): void {
  if (json) say(renderJson(report).trimEnd());
  else say(`${report.answer}\n\nReport: ${resolve(out, 'report.html')}`);
}
