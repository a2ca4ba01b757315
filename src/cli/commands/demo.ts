import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { reportFolder } from '#app/files/report-folder';
import { DEMO } from '#app/paths';
import { analysisSteps } from '#cli/analysis-steps';
import type { Terminal } from '#cli/terminal';
import { printReport, writeReport } from '#cli/write-report';

export const demoCommand = (terminal: Terminal) =>
  new Command('demo')
    .description('analyze a real incident that ships with this package (an H200 serving a language model)')
    .option('--out <dir>', 'where to write the report (default: forensics-demo, or forensics-demo-2 and so on where one is)')
    .option('--force', 'replace the report that --out holds', false)
    .option('--json', 'print report.json to stdout, and nothing else', false)
    .addHelpText('after', '\nExample:\n  $ forensics demo --out /tmp/demo\n')
    .action(async options => {
      const tell = analysisSteps(terminal.tell);
      const out = reportFolder(options, 'forensics-demo');
      const report = await runAnalysis(fileURLToPath(DEMO), {}, NO_CORRECTION, tell);
      tell('writing the report');
      await writeReport(report, out);
      printReport(terminal, report, out, options.json);
    });
