import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { DEMO } from '#app/paths';
import type { Terminal } from '../terminal.ts';
import { printReport, writeReport } from '../write-report.ts';

export const demoCommand = (terminal: Terminal) =>
  new Command('demo')
    .description('analyze a real incident that ships with this package (an H200 serving a language model)')
    .option('--out <dir>', 'where to write the report', 'forensics-demo')
    .option('--json', 'print report.json to stdout, and nothing else', false)
    .addHelpText('after', '\nExample:\n  $ forensics demo --out /tmp/demo\n')
    .action(async options => {
      const report = await runAnalysis(fileURLToPath(DEMO), {}, NO_CORRECTION, terminal.tell);
      terminal.tell('writing the report');
      await writeReport(report, options.out);
      printReport(terminal, report, options.out, options.json);
    });
