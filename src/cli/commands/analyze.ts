import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { deliver, exitCode, SEVERITIES, sayReport } from '../deliver.ts';
import { tell } from '../output.ts';
import { runAnalysis } from '../run-analysis.ts';

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
};

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
      await deliver(report, options.out);
      sayReport(report, options.out, options.json);
      process.exitCode = exitCode(report, options.failOn);
    });
