import { resolve } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { renderJson } from '#report/render/json';
import { summaryLines } from '#report/render/summary/lines';
import type { Report } from '#schema/report';
import type { Terminal } from './terminal.ts';

export { writeReport } from '#app/files/write-report';

export const SEVERITIES = ['low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `--fail-on` of the commands that write a report. */
export const failOnOption = () =>
  new Option(
    '--fail-on <severity>',
    'exit with 1 when a finding is at least this severe; a cause is high from a fifth of p99 on, medium from a twentieth (docs/severity.md)',
  ).choices(SEVERITIES);

/** 1 when a finding is at least as severe as asked, else 0. */
export function exitCode(report: Report, failOn: Severity | undefined): 0 | 1 {
  return failing(report, failOn).length > 0 ? 1 : 0;
}

function failing({ findings }: Report, failOn: Severity | undefined): Report['findings'] {
  if (failOn === undefined) return [];
  const least = SEVERITIES.indexOf(failOn);
  return findings.filter(f => f.severity !== 'info' && SEVERITIES.indexOf(f.severity) >= least);
}

/** Prints the answer in at most twelve lines and where the report is, or the whole report as JSON. */
export function printReport({ say }: Terminal, report: Report, out: string, json: boolean): void {
  if (json) say(renderJson(report).trimEnd());
  else say([...summaryLines(report), '', `Report: ${resolve(out, 'report.html')}`].join('\n'));
}

/** Names the findings for which a command ends with 1. */
export function tellFailure({ tell }: Terminal, report: Report, failOn: Severity | undefined): void {
  for (const f of failing(report, failOn)) tell(`failed on --fail-on ${failOn}: ${f.title} (${f.severity})`);
}
