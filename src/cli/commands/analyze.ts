import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Report } from '#model/report';
import { say, tell, writeFiles } from '../output.ts';
import { runAnalysis } from '../run-analysis.ts';

const SEVERITIES = ['low', 'medium', 'high'] as const;
type Severity = (typeof SEVERITIES)[number];

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
};

/** Writes the report in all its forms and prints the answer. */
export async function deliver(report: Report, out: string, json: boolean): Promise<void> {
  // Vega is large: a command that draws nothing should not wait for it.
  const [{ chartSpecs }, { renderHtml }, { renderJson }, { renderMarkdown }] = await Promise.all([
    import('#report/chart-specs'),
    import('#report/html'),
    import('#report/json'),
    import('#report/markdown'),
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
  if (json) say(renderJson(report).trimEnd());
  else say(`${report.answer}\n\nReport: ${resolve(out, 'report.html')}`);
}

/** 1 when a finding is at least as severe as asked, else 0. */
function exitCode(report: Report, failOn: Severity | undefined): number {
  if (failOn === undefined) return 0;
  const least = SEVERITIES.indexOf(failOn);
  return report.findings.some(f => f.severity !== 'info' && SEVERITIES.indexOf(f.severity) >= least) ? 1 : 0;
}

export const analyzeCommand = () =>
  new Command('analyze')
    .description('say why the slow requests of a capture were slow')
    .argument('<trace-or-folder>', 'an Nsight Systems export (.sqlite, .sqlite.gz), or a folder that holds one and the files around it')
    .option('--requests <file>', 'per-request results of the load test')
    .option('--gpu <file>', 'GPU samples: nvidia-smi --query-gpu CSV')
    .option('--host <file>', 'host samples: CSV of /proc counters')
    .option('--out <dir>', 'where to write report.html, report.md, report.json and charts/', 'forensics-report')
    .option('--requests-offset-ms <ms>', 'add this to the times of the load test', number, 0)
    .option('--zone-hours <hours>', 'offset from UTC of stamps that name no zone', number)
    .addOption(new Option('--fail-on <severity>', 'exit with 1 when a finding is at least this severe').choices(SEVERITIES))
    .option('--json', 'print report.json to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Examples:
  $ forensics analyze runs/monday                       everything in one folder, recognised by content
  $ forensics analyze trace.sqlite --requests load.jsonl --gpu gpu.csv --host host.csv
  $ forensics analyze runs/monday --fail-on high        in CI: exit code 1 when a cause is worth a fifth of p99
`,
    )
    .action(async (path, options) => {
      const clock = { requestsOffsetMs: options.requestsOffsetMs, zoneHours: options.zoneHours };
      const report = await runAnalysis(path, { requests: options.requests, gpu: options.gpu, host: options.host }, clock, tell);
      tell('writing the report');
      await deliver(report, options.out, options.json);
      process.exitCode = exitCode(report, options.failOn);
    });
