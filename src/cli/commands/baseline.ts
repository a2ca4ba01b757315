import { Command } from '@commander-js/extra-typings';
import { saveBaseline } from '#app/baseline/save-baseline';
import { BASELINES, baselinesIn } from '#app/runs/baselines';
import type { Terminal } from '#cli/terminal';
import { count } from '#core/format/numbers';

const FOLDER = ['--baselines <dir>', 'the folder of the baselines', BASELINES] as const;

const saveCommand = ({ say, tell, env }: Terminal) =>
  new Command('save')
    .description('keep runs under a name')
    .argument('<name>', 'a name, as main or v1.2')
    .argument('<runs...>', 'runs, as for forensics compare')
    .option(...FOLDER)
    .option('--force', 'replace a baseline of this name', false)
    .action(async (name, paths, { baselines: folder, force }) => {
      const { file, runs } = await saveBaseline({ name, paths, folder, force }, { env, progress: tell });
      say(`Wrote ${count(runs.length, 'run')} to ${file}`);
      if (runs.length < 2) tell('One run shows no noise: save three to five, so that a comparison can judge.');
    });

const listCommand = ({ say, tell }: Terminal) =>
  new Command('list')
    .description('list the baselines')
    .option(...FOLDER)
    .action(({ baselines: folder }) => {
      const names = baselinesIn(folder);
      if (names.length === 0) tell(`${folder} holds no baseline.`);
      for (const name of names) say(name);
    });

export const baselineCommand = (terminal: Terminal) =>
  new Command('baseline')
    .description('keep runs to compare with, in one small file for each name, for git or a share')
    .addCommand(saveCommand(terminal))
    .addCommand(listCommand(terminal))
    .addHelpText(
      'after',
      `
A baseline holds the figures, settings, causes and kernels of each run. It holds no request and no trace.

Examples:
  $ forensics baseline save main runs/main-*.json
  $ forensics baseline list
  $ forensics compare baseline:main -- runs/pr-*.json
`,
    );
