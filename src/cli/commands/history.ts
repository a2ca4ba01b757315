import { Command } from '@commander-js/extra-typings';
import { readHistory } from '#app/history/read-history';
import type { Terminal } from '#cli/terminal';
import { visible } from '#core/format/visible';
import { historyLines } from '#report/render/decide/history-lines';

export const historyCommand = (terminal: Terminal) =>
  new Command('history')
    .description('since when is it so? Finds step changes in a history of runs, and the commits between which they lie')
    .argument(
      '<runs...>',
      'runs (as for forensics compare), folders of them, or a table with a column time, perhaps commit, and a column for each metric',
    )
    .option('--fail-on-regression', 'exit with 1 if the latest change of a metric is for the worse', false)
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Runs are ordered by their time. A change is a step that lasts for two runs or more; docs/compare.md says how it is found.

Exit codes: 0 ran. With --fail-on-regression: 1 a metric is worse since its latest change. 2 could not run.

Examples:
  $ forensics history results/
  $ forensics history nightly.csv --json
`,
    )
    .action(async (paths, options) => {
      const { say, tell, env } = terminal;
      const history = await readHistory(paths, { env, progress: tell });
      if (options.json) say(JSON.stringify(history, null, 2));
      else for (const line of historyLines(history)) say(visible(line));
      const latest = new Map(history.changes.toReversed().map(step => [`${step.setting}|${step.metric}`, step]));
      if (options.failOnRegression && [...latest.values()].some(step => step.direction === 'worse')) terminal.exitCode = 1;
    });
