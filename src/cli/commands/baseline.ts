import { Command } from '@commander-js/extra-typings';
import { saveBaseline } from '#app/baseline/save-baseline';
import { BASELINES, baselinesIn } from '#app/runs/baselines';
import type { Terminal } from '#cli/terminal';
import { count } from '#core/format/numbers';

const FOLDER = ['--baselines <dir>', 'where baselines lie', BASELINES] as const;

const saveCommand = ({ say, tell, env }: Terminal) =>
  new Command('save')
    .description('keep runs under a name')
    .argument('<name>', 'as main or v1.2')
    .argument('<runs...>', 'as those of forensics compare')
    .option(...FOLDER)
    .option('--force', 'replace a baseline of this name', false)
    .action(async (name, paths, { baselines: folder, force }) => {
      const { file, runs } = await saveBaseline({ name, paths, folder, force }, { env, progress: tell });
      say(`Wrote ${count(runs.length, 'run')} to ${file}`);
      if (runs.length < 2) tell('One run shows no noise: save three to five, so that a comparison can judge.');
    });

const listCommand = ({ say, tell }: Terminal) =>
  new Command('list')
    .description('name the baselines that there are')
    .option(...FOLDER)
    .action(({ baselines: folder }) => {
      const names = baselinesIn(folder);
      if (names.length === 0) tell(`${folder} holds no baseline.`);
      for (const name of names) say(name);
    });

export const baselineCommand = (terminal: Terminal) =>
  new Command('baseline')
    .description('keep runs to compare with: one small file a name, for git or a share')
    .addCommand(saveCommand(terminal))
    .addCommand(listCommand(terminal))
    .addHelpText(
      'after',
      `
A baseline holds figures, settings, causes and kernels of each run, and none of its requests or traces.

Examples:
  $ forensics baseline save main runs/main-*.json
  $ forensics baseline list
  $ forensics compare baseline:main -- runs/pr-*.json
`,
    );
