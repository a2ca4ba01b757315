#!/usr/bin/env node
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { version } from '#app/version';
import { gatherNsysWords } from './capture/nsys-wording.ts';
import { printFailure } from './output.ts';

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
/** The code behind a command is loaded where that command is asked for: SQLite, schemas and charts take a second. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandUnknownOpts>>> = {
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  capture: async () => (await import('./commands/capture.ts')).captureCommand(),
  analyze: async () => (await import('./commands/analyze.ts')).analyzeCommand(),
  pipeline: async () => (await import('./commands/pipeline.ts')).pipelineCommand(),
  load: async () => (await import('./commands/load.ts')).loadCommand(),
  mock: async () => (await import('./commands/mock.ts')).mockCommand(),
  monitor: async () => (await import('./commands/monitor.ts')).monitorCommand(),
  query: async () => (await import('./commands/query.ts')).queryCommand(),
  energy: async () => (await import('./commands/energy.ts')).energyCommand(),
  redact: async () => (await import('./commands/redact.ts')).redactCommand(),
  audit: async () => (await import('./commands/audit.ts')).auditCommand(),
  score: async () => (await import('./commands/score.ts')).scoreCommand(),
};
const asked = process.argv.slice(2).find(word => !word.startsWith('-')) ?? '';
const isVersion = process.argv.length === 3 && ['-V', '--version'].includes(process.argv[2] ?? '');
const wanted = isVersion ? [] : Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]] : Object.values(COMMANDS);
for (const command of wanted) if (command !== undefined) program.addCommand((await command()).copyInheritedSettings(program));

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
