import { Command } from '@commander-js/extra-typings';
import { reportFolder } from '#app/files/report-folder';
import { writeFiles } from '#app/files/write-files';
import { analyzeExperiment } from '#app/storage-analysis/analyze-experiment';
import type { Terminal } from '#cli/terminal';
import { visible } from '#core/format/visible';
import { storageFiles } from '#report/render/storage/files';
import { storageLines } from '#report/render/storage/lines';

const REPORT_FOLDER = 'forensics-storage-report';
/** As the harness says it: every model, every figure. */
const ALL = 'ALL';

export const storageAnalyzeCommand = (terminal: Terminal) =>
  new Command('analyze')
    .description('judge H0 to H8 on the runs of an experiment: test, effect, interval, power, and supported, refuted or inconclusive')
    .argument('<dir>', 'the folder that `forensics storage run` wrote, finished or not')
    .argument('[model]', `one model, or ${ALL}`, ALL)
    .option('--out <dir>', `where to write report.html, report.md, report.json, figures/ and tables/ (a new ${REPORT_FOLDER} otherwise)`)
    .option('--force', 'replace a report that is there', false)
    .option('--json', 'print JSON to stdout, and write nothing', false)
    .addHelpText(
      'after',
      `
supported: the effect is there beyond chance. refuted: it is shown to be smaller than the smallest that matters. inconclusive: neither
is shown. A run is one value: its requests share its luck. docs/storage-hypotheses.md has every test, its margin and its error rates.

Exit codes: 0 ran, whatever the verdicts, 2 could not run.

Examples:
  $ forensics storage analyze experiments/spark ALL
  $ forensics storage analyze experiments/spark L70B --out reports/L70B
`,
    )
    .action(async (folder, model, { out, force, json }) => {
      const { say } = terminal;
      const analysis = analyzeExperiment({ folder, model: model === ALL ? undefined : model });
      if (json) return say(JSON.stringify(analysis, null, 2));
      const to = reportFolder({ out, force }, REPORT_FOLDER);
      writeFiles(to, await storageFiles(analysis));
      for (const line of storageLines(analysis)) say(visible(line));
      say(`\nWrote report.html, report.md, report.json, figures/ and tables/ to ${to}`);
    });
