import { Command } from '@commander-js/extra-typings';
import { readExperiment } from '#app/storage/read-config';
import { runStorage } from '#app/storage/run-storage';
import { interruptible } from '#cli/interrupts';
import { storageAnalyzeCommand } from '#cli/storage/analyze';
import { planWords, runWords, stepWords } from '#cli/storage/wording';
import type { Terminal } from '#cli/terminal';

const CONFIG = ['<config>', 'a JSON file: docs/storage.md shows one'] as const;
/** Some step failed for good. */
const FAILED_STEPS = 3;

const planCommand = ({ say }: Terminal) =>
  new Command('plan')
    .description('show the steps of an experiment in their order, and start nothing')
    .argument(...CONFIG)
    .option('--json', 'print the plan (forensics.storage-plan/1) to stdout, and nothing else', false)
    .action((file, options) => {
      const experiment = readExperiment(file);
      say(options.json ? JSON.stringify(experiment.plan, null, 2) : planWords(experiment.plan));
    });

const runCommand = (terminal: Terminal) =>
  new Command('run')
    .description('run the steps of an experiment; run again after a crash, it goes on at the step where it was')
    .argument(...CONFIG)
    .option('--out <dir>', 'a new folder, or that of the same plan, which is resumed', 'forensics-storage')
    .option('--json', 'print run.json to stdout at the end, and nothing else', false)
    .addHelpText(
      'after',
      `
The config names programs that are run: read one that is not yours, as you would a Makefile. The folder names none; the config is needed to resume it.

Exit codes: 0 all steps are done, 2 could not run, 3 some steps failed as often as they may and are recorded as failed, 129/130/143 interrupted.
`,
    )
    .action(async (file, { out, json }) => {
      const experiment = readExperiment(file);
      const observer = { progress: terminal.tell, step: (...of: Parameters<typeof stepWords>) => terminal.tell(stepWords(...of)) };
      const { run, folder } = await interruptible(signals => runStorage(experiment, out, { env: terminal.env, signals, observer }));
      terminal.say(json ? JSON.stringify(run, null, 2) : runWords(run, folder));
      if (run.steps.failed > 0) terminal.exitCode = FAILED_STEPS;
    });

export const storageCommand = (terminal: Terminal) =>
  new Command('storage')
    .description('experiments on storage pressure: what paging, loads of adapters and a busy disk cost in tail latency')
    .addCommand(planCommand(terminal))
    .addCommand(runCommand(terminal))
    .addCommand(storageAnalyzeCommand(terminal))
    .addHelpText(
      'after',
      `
Examples:
  $ forensics storage plan storage.json
  $ forensics storage run storage.json --out runs/storage
  $ forensics storage analyze runs/storage ALL
`,
    );
