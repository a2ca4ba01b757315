import { Command } from '@commander-js/extra-typings';
import { BASELINES } from '#app/runs/baselines';
import { judgePaths } from '#app/targets/judge-paths';
import { targetsExit } from '#cli/targets-exit';
import type { Terminal } from '#cli/terminal';
import { visible } from '#core/format/visible';
import { judgementLines } from '#report/render/decide/target-lines';

export const targetsCommand = (terminal: Terminal) =>
  new Command('targets')
    .description('may this go to production? Checks runs against limits: throughput, latency, tokens per joule, cost')
    .argument('<targets>', 'a JSON file of limits (docs/compare.md)')
    .argument('<runs...>', 'runs, as for forensics compare; a folder holds the files of one run, such as load test and power')
    .option('--baselines <dir>', 'the folder of the baselines', BASELINES)
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Exit codes: 0 all targets are reached, 1 a target failed, 2 could not run, 3 none failed and one was not measured.

Examples:
  $ forensics targets targets.json load_test_8xb200_20251028/
  $ forensics targets targets.json runs/*.json
  $ forensics compare baseline:main --targets targets.json -- runs/*.json
`,
    )
    .action(async (targets, paths, options) => {
      const { say, tell, env } = terminal;
      const judgement = await judgePaths({ targets, paths, baselines: options.baselines }, { env, progress: tell });
      if (options.json) say(JSON.stringify(judgement, null, 2));
      else for (const line of judgementLines(judgement)) say(visible(line));
      terminal.exitCode = targetsExit(judgement.results);
    });
