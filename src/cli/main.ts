#!/usr/bin/env node
import { Command } from '@commander-js/extra-typings';
import { gatherNsysWords } from './capture/nsys-words.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { auditCommand } from './commands/audit.ts';
import { captureCommand } from './commands/capture.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { energyCommand } from './commands/energy.ts';
import { loadCommand } from './commands/load.ts';
import { mockCommand } from './commands/mock.ts';
import { monitorCommand } from './commands/monitor.ts';
import { pipelineCommand } from './commands/pipeline.ts';
import { queryCommand } from './commands/query.ts';
import { redactCommand } from './commands/redact.ts';
import { scoreCommand } from './commands/score.ts';
import { printFailure } from './output.ts';
import { version } from './run-analysis.ts';

const COULD_NOT_RUN = 2;

const program = new Command('forensics')
  .description('Why was this GPU server slow? Joins an Nsight Systems trace with load-test latencies, power and host telemetry.')
  .version(version())
  .showHelpAfterError('(see `forensics --help`)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 ran, 1 findings at or above --fail-on, 2 could not run; capture has more (see its help).

Start here:
  $ forensics demo                     a real incident, analyzed
  $ forensics capture -- ./serve.sh    your own: record a workload and report
  $ forensics analyze runs/monday      what is recorded already: a trace and the files around it
  $ forensics query --list             the questions behind the report, to ask by hand
`,
  );
for (const command of [
  demoCommand(),
  doctorCommand(),
  captureCommand(),
  analyzeCommand(),
  pipelineCommand(),
  loadCommand(),
  mockCommand(),
  monitorCommand(),
  queryCommand(),
  energyCommand(),
  redactCommand(),
  auditCommand(),
  scoreCommand(),
])
  program.addCommand(command.copyInheritedSettings(program));

try {
  await program.parseAsync(gatherNsysWords(process.argv));
} catch (error) {
  const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : '';
  if (code === 'commander.helpDisplayed' || code === 'commander.version' || code === 'commander.help') process.exitCode = 0;
  else {
    if (!code.startsWith('commander.')) printFailure(error);
    process.exitCode = COULD_NOT_RUN;
  }
}
